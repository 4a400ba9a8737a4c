import Foundation
import JSONLines
import Testing

/// `proto-docs/channels.md`, as the tests read it.
enum Document {
    /// The folder of the documents.
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("proto-docs")

    /// One block of lines, in order.
    struct Transcript: CustomTestStringConvertible {
        /// The program that plays it, where one does.
        var player: String?
        var lines: [Line]
        var testDescription: String { "\(player ?? "read only"): \(lines.first?.text ?? "")" }

        var requests: [String] { lines.filter(\.isRequest).map(\.text) }
        var answers: [String] { lines.filter { !$0.isRequest }.map(\.text) }
    }

    struct Line {
        /// Whether the host writes it.
        var isRequest: Bool
        var text: String
    }

    static func text() throws -> String {
        try String(contentsOf: folder.appendingPathComponent("channels.md"), encoding: .utf8)
    }

    static func transcripts() throws -> [Transcript] {
        var transcripts: [Transcript] = []
        var open: Transcript?
        var player: String?
        for line in try text().components(separatedBy: "\n") {
            if line.hasPrefix("<!-- plays: ") {
                player = line.dropFirst(12).split(separator: " ").first.map(String.init)
            } else if line == "```jsonl" {
                open = Transcript(player: player, lines: [])
                player = nil
            } else if line == "```", let transcript = open {
                transcripts.append(transcript)
                open = nil
            } else if open != nil {
                open?.lines.append(
                    Line(isRequest: line.hasPrefix("> "), text: String(line.dropFirst(2))))
            }
        }
        return transcripts
    }
}
