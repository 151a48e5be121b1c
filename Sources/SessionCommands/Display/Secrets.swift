internal import OrderedCollections
public import SessionCore

/// Which values are masked until someone asks for them.
public enum Secrets {
    /// What is shown in place of a secret.
    public static let mask = "........"

    private static let words = [
        "passw", "secret", "token", "csrf", "credential", "apikey", "api_key", "private_key", "auth_hash",
    ]

    /// Whether a key sounds as if its value were a password or a token.
    public static func isSecret(_ key: SessionValue) -> Bool {
        guard let text = key.keyText?.lowercased() else { return false }
        return words.contains { text.contains($0) }
    }

    /// Whether any step of a path sounds so.
    public static func isSecret(_ path: ValuePath) -> Bool {
        path.contains { if case .key(let key) = $0 { isSecret(key) } else { false } }
    }

    /// A value with the secrets inside masked.
    public static func masked(_ value: SessionValue) -> SessionValue {
        switch value {
        case .map(var map):
            for (key, inner) in map { map[key] = isSecret(key) ? .string(mask) : masked(inner) }
            return .map(map)
        case .list(let values): return .list(values.map(masked))
        case .tuple(let values): return .tuple(values.map(masked))
        case .object(let name, let state): return .object(className: name, state: masked(state))
        default: return value
        }
    }

    /// Whether a change takes away or brings a secret somewhere inside.
    static func holdsSecret(_ change: ValueChange) -> Bool {
        [change.before, change.after].contains { value in value.map { masked($0) != $0 } ?? false }
    }
}
