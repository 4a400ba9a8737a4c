import Foundation

/// The target that `FUZZ_TARGET` names, looked up once.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.ofLibraries.first(where: { $0.name == name }) else {
        let names = FuzzTarget.ofLibraries.map(\.name).joined(separator: ", ")
        fatalError("FUZZ_TARGET has to be one of \(names).")
    }
    return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do { try target.run(bytes) } catch { fatalError("\(target.name): \(error)") }
    return 0
}
