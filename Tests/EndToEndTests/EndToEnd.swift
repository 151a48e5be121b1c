import Testing

/// All tests of the program, one after the other: what one test starts must not keep the pipes of another open.
@Suite(.serialized) enum EndToEnd {}
