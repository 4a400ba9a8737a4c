import Foundation
import WorkflowModel

/// What happened in a run, line by line, for whoever has to find out why it failed.
struct Trace {
    private(set) var lines: [String] = []

    mutating func note(_ now: Instant, _ text: String) { lines.append("\(now.rfc3339) \(text)") }

    /// Writes all lines to the file at `path`, where one is named.
    func write(to path: String?) throws {
        guard let path else { return }
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The last lines, none of them very long.
    var tail: String { lines.suffix(60).map { $0.prefix(400) }.joined(separator: "\n") }
}

/// The service did what it must never do.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
