import Foundation

/// Runs a channel by hand: all requests at once, then the end of its input.
enum Play {
    /// The executable `name` of this package's build.
    static func program(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = [CommandLine.arguments[0], own].map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name).path
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[1]
    }

    /// The lines that `program` writes until it ends, in a folder of its own or in `folder`.
    static func run(
        _ program: String, _ arguments: [String], _ requests: [String], in folder: URL? = nil
    ) throws -> [String] {
        let own = FileManager.default.temporaryDirectory.appendingPathComponent(
            "channel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: own) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder ?? own
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data(requests.map { $0 + "\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }
}
