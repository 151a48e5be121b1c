"""Sessions as Django, Flask-Session and Beaker keep them, and dicts as the clients of memcached do."""
import os
import tempfile

import sessions


class Writer:
    """One way to store a session: `write` returns the key and the id, `read` what the library then holds."""

    def __init__(self, name, profile, session):
        self.name, self.profile, self.session = name, profile, session


class Django(Writer):
    def __init__(self, name, backend, engine):
        super().__init__(name, "django" if engine == "cache" else "django-db", sessions.rich())
        self.backend, self.engine = backend, engine

    def store(self, port, key=None):
        import django
        from django.conf import settings

        if not settings.configured:
            database = os.path.join(tempfile.gettempdir(), "tidemark-django-%d.sqlite3" % port)
            settings.configure(
                SECRET_KEY="tests", USE_TZ=False, INSTALLED_APPS=["django.contrib.sessions"],
                DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
                # Pickles carry what JSON cannot say.
                SESSION_SERIALIZER="python_writers.PickleSerializer",
                CACHES={"default": {
                    "BACKEND": "django.core.cache.backends.memcached." + self.backend,
                    "LOCATION": "127.0.0.1:%d" % port}})
            django.setup()
        import importlib
        return importlib.import_module("django.contrib.sessions.backends." + self.engine).SessionStore(key)

    def write(self, port):
        store = self.store(port)
        if self.engine == "cached_db":
            from django.core.management import call_command
            call_command("migrate", verbosity=0)
        store.update(self.session)
        store.save()
        return ":1:django.contrib.sessions.%s%s" % (self.engine, store.session_key), store.session_key

    def read(self, port, key):
        return self.store(port, key).load()


class PickleSerializer:
    def dumps(self, value):
        import pickle
        return pickle.dumps(value)

    def loads(self, data):
        import pickle
        return pickle.loads(data)


class Flask(Writer):
    def __init__(self, name, serialization):
        super().__init__(name, "flask", sessions.plain())
        self.serialization = serialization

    def app(self, port):
        import flask
        import flask_session
        from pymemcache.client.base import Client

        app = flask.Flask("shop")
        app.config.update(
            SESSION_TYPE="memcached", SESSION_MEMCACHED=Client(("127.0.0.1", port)),
            SESSION_SERIALIZATION_FORMAT=self.serialization)
        flask_session.Session(app)

        @app.route("/write")
        def write():
            flask.session.update(self.session)
            return flask.session.sid

        @app.route("/read")
        def read():
            app.found = dict(flask.session)
            return ""
        return app

    def write(self, port):
        sid = self.app(port).test_client().get("/write").get_data(as_text=True)
        return "session:" + sid, sid

    def read(self, port, key):
        app = self.app(port)
        client = app.test_client()
        client.set_cookie("session", key)
        client.get("/read")
        found = app.found
        found.pop("_permanent", None)
        return found


class Beaker(Writer):
    def __init__(self, name, serializer):
        super().__init__(name, "beaker", sessions.plain())
        self.serializer = serializer

    def beaker(self, port, key=None):
        from beaker.session import Session
        return Session(
            {}, id=key, type="ext:memcached", url="127.0.0.1:%d" % port, memcache_module="memcache",
            data_serializer=self.serializer, data_dir=tempfile.gettempdir(), use_cookies=False)

    def write(self, port):
        session = self.beaker(port)
        session.update(self.session)
        session.save()
        return session.id + "_session", session.id

    def read(self, port, key):
        return {name: value for name, value in self.beaker(port, key).items() if not name.startswith("_")}


class Client(Writer):
    """A dict under a key, as in-house applications keep it."""

    def __init__(self, name, session, connect):
        super().__init__(name, "plain", session)
        self.connect = connect

    def write(self, port):
        self.connect(port).set("app:4711", self.session)
        return "app:4711", "4711"

    def read(self, port, key):
        return self.connect(port).get("app:" + key)


def pymemcache(port):
    from pymemcache import serde
    from pymemcache.client.base import Client
    return Client(("127.0.0.1", port), serde=serde.pickle_serde)


def pymemcache_compressed(port):
    from pymemcache import serde
    from pymemcache.client.base import Client
    return Client(("127.0.0.1", port), serde=serde.compressed_serde)


def pylibmc_compressed(port):
    import pylibmc

    class Compressing:
        client = pylibmc.Client(["127.0.0.1:%d" % port])

        def set(self, key, value):
            self.client.set(key, value, min_compress_len=100)

        def get(self, key):
            return self.client.get(key)
    return Compressing()


def python_memcached(port):
    import memcache
    return memcache.Client(["127.0.0.1:%d" % port])


WRITERS = [
    Django("django-pymemcache", "PyMemcacheCache", "cache"), Django("django-pylibmc", "PyLibMCCache", "cache"),
    Django("django-cached-db", "PyMemcacheCache", "cached_db"),
    Flask("flask-msgpack", "msgpack"), Flask("flask-json", "json"),
    Beaker("beaker-pickle", "pickle"), Beaker("beaker-json", "json"),
    Client("pymemcache", sessions.rich(), pymemcache),
    Client("pymemcache-compressed", sessions.long(), pymemcache_compressed),
    Client("pylibmc-compressed", sessions.long(), pylibmc_compressed),
    Client("python-memcached", sessions.rich(), python_memcached),
]
