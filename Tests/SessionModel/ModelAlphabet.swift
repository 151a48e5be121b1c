internal import OrderedCollections
internal import SessionCore

/// What sequences are made of: few of each, so that operations meet.
enum ModelAlphabet {
    /// Ids that clients ask for.
    static let ids = ["a", "b", "c", "d"]
    /// Names of packages.
    static let packages = ["p", "q", "r"]
    /// Keys of packages; one that a pointer has to escape.
    static let keys = ["k", "l", "m", "x/~y"]
    /// Values.
    ///
    /// No two hold the same in another order, so that order never decides whether something is dirty.
    static let values: [SessionValue] = [
        .null, true, 1, "", [:], "text", [], [1, [2]], ["in": 1], ["in": ["deep": [1, ["k": 2]]]],
    ]
    /// Tokens inside a value.
    static let inner = ["in", "deep", "0", "1", "-", "k"]
}
