import ChannelKit
import Foundation

/// A child that answers each line with the same short line and does nothing else: what the pipes allow.
struct PipeEcho {
    private static let answer = Array(#"{"id":100000,"outcome":"sent"}"#.utf8) + [0x0A]

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts this program again as the child.
    init() throws {
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["--pipe-echo"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Round trips a second with `window` lines on their way, each of `bytes`.
    func measure(window: Int, line: [UInt8], for duration: Duration) -> Double {
        let writing = input.fileHandleForWriting.fileDescriptor
        let reading = output.fileHandleForReading.fileDescriptor
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        let clock = ContinuousClock()
        let began = clock.now
        var open = 0
        var answered = 0
        while open > 0 || clock.now - began < duration {
            if clock.now - began < duration, open < window {
                let lines = Array(repeating: line, count: window - open).joined()
                PipeEcho.write(Array(lines), to: writing)
                open = window
            }
            let count = read(reading, &buffer, buffer.count)
            guard count > 0 else { break }
            let lines = buffer[0..<count].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            answered += lines
            open -= lines
        }
        return Double(answered) / (clock.now - began).seconds
    }

    /// What the child does until its input ends.
    static func serve() {
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return }
            let lines = buffer[0..<count].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            write(Array(Array(repeating: answer, count: lines).joined()), to: STDOUT_FILENO)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
