internal import Glibc

/// What libFuzzer calls with every input; `FUZZ` in the environment names what takes it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    chosen(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

private let chosen: @Sendable ([UInt8]) -> Void = {
    let name = getenv("FUZZ").map { String(cString: $0) } ?? ""
    guard let target = FuzzTargets.all[name] else {
        print("FUZZ names no target; these are: \(FuzzTargets.all.keys.sorted().joined(separator: " "))")
        exit(2)
    }
    return target
}()
