import SessionCore
import SessionFormats
import Testing

/// A key as a framework writes it, and what its profile finds in it.
struct FrameworkKey: CustomTestStringConvertible, Sendable {
    var profile: String
    var key: String
    var container: String
    var session: String
    var package: String?

    init(_ profile: String, _ key: String, _ container: String, _ session: String, _ package: String? = nil) {
        (self.profile, self.key) = (profile, key)
        (self.container, self.session, self.package) = (container, session, package)
    }

    var testDescription: String { "\(profile): \(key)" }

    private static let sha256 = "a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e"

    /// Keys that the frameworks themselves wrote to a memcached: Django 5.2, Flask-Session 0.8, Beaker 1.14, dalli 3.0.6, both handlers of
    /// PHP 8.2, lovely.session 0.3, p01.session 0.8; the others after the sources that their profiles name.
    static let all: [FrameworkKey] = [
        FrameworkKey("tidemark", "tidemark:shop:42", "shop", "42"),
        FrameworkKey("tidemark", "tidemark:shop:42:cart", "shop", "42", "cart"),
        FrameworkKey(
            "score", "kvcache:score.session:b9a1aa34-e44a-4370-9d06-1431ab692b94", "score.session",
            "b9a1aa34-e44a-4370-9d06-1431ab692b94"),
        FrameworkKey(
            "score-table", "table:_session:b8dd19ef054848999dc4b5946a46cd69", "_session",
            "b8dd19ef054848999dc4b5946a46cd69"),
        FrameworkKey(
            "express", "sess:fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN", "sess", "fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN"),
        FrameworkKey(
            "django", ":1:django.contrib.sessions.cache7w4d3iw9r6wrud3jm9mhlc18q8j3gxtq", ":1",
            "7w4d3iw9r6wrud3jm9mhlc18q8j3gxtq"),
        FrameworkKey(
            "django", "shop:3:django.contrib.sessions.cacheb5n6h9e985gnyi4jzajpjlgwfu95mr0r", "shop:3",
            "b5n6h9e985gnyi4jzajpjlgwfu95mr0r"),
        FrameworkKey(
            "django-db", ":1:django.contrib.sessions.cached_dbb5n6h9e985gnyi4jzajpjlgwfu95mr0r", ":1",
            "b5n6h9e985gnyi4jzajpjlgwfu95mr0r"),
        FrameworkKey(
            "flask", "session:iufwFFTdsp-oBFjloJchLNDJhnR--KxNPrjAEQWiOSQ", "session",
            "iufwFFTdsp-oBFjloJchLNDJhnR--KxNPrjAEQWiOSQ"),
        FrameworkKey(
            "flask", "session:63f314b3-3092-497d-9525-b8ca5d372258", "session",
            "63f314b3-3092-497d-9525-b8ca5d372258"),
        FrameworkKey(
            "beaker", "08a88e0fb72d4cf1bc74ea21ea127e9b_session", "session", "08a88e0fb72d4cf1bc74ea21ea127e9b"),
        FrameworkKey(
            "php-memcached", "memc.sess.key.02p9k4sts1d19sfejh3f81igkc", "memc.sess.key.",
            "02p9k4sts1d19sfejh3f81igkc"),
        FrameworkKey("symfony", "sf2s02p9k4sts1d19sfejh3f81igkc", "sf2s", "02p9k4sts1d19sfejh3f81igkc"),
        FrameworkKey(
            "laravel", "laravel-cache-Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq", "laravel-cache-",
            "Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq"),
        FrameworkKey(
            "laravel", "laravel_cache:Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq", "laravel_cache:",
            "Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq"),
        FrameworkKey(
            "laravel", "my_shop_cache_:Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq", "my_shop_cache_:",
            "Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq"),
        FrameworkKey(
            "codeigniter", "ci_session:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5", "ci_session",
            "2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5"),
        FrameworkKey(
            "codeigniter", "ci_session:10.0.0.1:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5", "ci_session:10.0.0.1",
            "2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5"),
        FrameworkKey("dalli", "rack:session:2::" + sha256, "rack:session", "2::" + sha256),
        FrameworkKey("dalli", "_session_id:2::" + sha256, "_session_id", "2::" + sha256),
        FrameworkKey("dalli", "shop:_session_id:2::" + sha256, "shop:_session_id", "2::" + sha256),
        FrameworkKey("dalli", "2::" + sha256, "", "2::" + sha256),
        FrameworkKey(
            "dalli", "rack:session:fe43f06ef06e7ccd61411aeca65818022bef68c98f94f18a52d4996aefd127e2", "rack:session:",
            "fe43f06ef06e7ccd61411aeca65818022bef68c98f94f18a52d4996aefd127e2"),
        FrameworkKey(
            "dalli", "_session_id:0123456789abcdef0123456789abcdef", "_session_id:",
            "0123456789abcdef0123456789abcdef"),
        FrameworkKey("mcdutils", "89972317A0C3EHnUi90w", "", "89972317A0C3EHnUi90w"),
        FrameworkKey("mcdutils", "04529117A.WUWBd3d3c", "", "04529117A.WUWBd3d3c"),
        FrameworkKey(
            "tomcat", "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "", "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1"),
        FrameworkKey(
            "tomcat", "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1.tomcat-1", "",
            "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1.tomcat-1"),
        FrameworkKey(
            "tomcat", "e93c085e:45e6345f_5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "e93c085e:45e6345f",
            "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1"),
        FrameworkKey(
            "lovely", "64dbcd6606dff849be0e019555c21873", "", "64dbcd6606dff849be0e019555c21873"),
        FrameworkKey("p01", "57323cc11912ce6c5c8da6651e8e95a9", "", "57323cc11912ce6c5c8da6651e8e95a9"),
    ]

    /// Keys of the frameworks that are no sessions, and what they are.
    static let others: [(profile: String, key: String, what: String)] = [
        ("php-memcached", "memc.sess.key.lock.02p9k4sts1d19sfejh3f81igkc", "lock"),
        ("php-memcache", "inonf2dt4tj934bbd3ro7tim3p.lock", "lock"),
        ("php-memcache", "www.example.com.inonf2dt4tj934bbd3ro7tim3p.lock", "lock"),
        ("codeigniter", "ci_session:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5:lock", "lock"),
        ("tomcat", "lock:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1.tomcat-1", "lock"),
        ("tomcat", "lock:e93c085e_5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "lock"),
        ("tomcat", "validity:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "last access of a session"),
        ("tomcat", "bak:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "backup copy of another server's record"),
        ("tomcat", "bak:validity:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "backup copy of another server's record"),
        ("mcdutils", "/plone/front-page|view||", "cached page"),
        (
            "lovely", "lovely.memcached.dep94dedfdaf0da5cfd981603951453760d",
            "list of keys that depend on a value"
        ),
        ("laravel", "laravel_cache:5c785c036466adea360111aa28563bfd556b5fba", "rate limit"),
        ("laravel", "laravel_cache_5c785c036466adea360111aa28563bfd556b5fba:timer", "rate limit"),
    ]

    /// Keys that no framework's profile may take.
    static let nobodys: [String] = [
        "", "a", ":", "sess:short", "session:x", "memc.sess.key.", "sf2s", "sf2sshort", "ci_session:", "ci_session:x",
        "rack:session:", "rack:session:x", "2::", "x2::" + sha256, ":2::" + sha256, "shop-carts:4711", "plain",
        "inonf2dt4tj934bbd3ro7tim3p", "session.lock", "/index.html", "/a|b", "12345678", "1234567812345678123",
        "89972317C0C3EHnUi90", "89972317A0C3EHnUi9", "89972317A0C3EHnUi90wx", "08A88E0FB72D4CF1BC74EA21EA127E9B",
        "08a88e0fb72d4cf1bc74ea21ea127e9b_cart",
        "laravel-cache-users", "mycache:Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq",
        "cache:Zx3bQk0pVn7LrTj5sWc9Ym2HdFg8Ka4uEo6iRtBq", "5A1E1D3C5B7F90A2C4D6E8F0123456AB-",
        "5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1.", "5A1E1D3C5B7F90A2C4D6E8F0123456AB-.r", "lock:5A1E1D3C5B7F90A2C4D6-n1",
        "x5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1", "shop:5A1E1D3C5B7F90A2C4D6E8F0123456AB-n1",
        "django.contrib.sessions.cache7w4d3iw9r6wrud3jm9mhlc18q8j3gxtq",
        ":1:django.contrib.sessions.cache7W4d3iw9r6wrud3jm9mhlc18q8j3gxtq", ":1:django.contrib.sessions.cache7w4d3iw",
    ]
}
