import Glibc
import Testing

/// What fails, and what is told of it: nothing acknowledged is lost, and nothing is told that is not so.
///
/// One after the other, because each of these tests takes the whole machine.
@Suite(.serialized) enum Faults {}

/// Whether the tests have the time that `make soak` gives them.
let isSoaking = getenv("TIDEMARK_INCREMENTS") != nil
