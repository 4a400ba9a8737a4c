import Foundation
import Logging

/// The priority that systemd's journal reads at the beginning of each line, as `<3>`.
///
/// Source: sd-daemon(3), systemd.exec(5).
enum LogPriority {
    /// `text` with the end of its last line; each line with the priority of `level` before it where the
    /// journal reads standard error.
    static func lines(_ text: String, _ level: Logger.Level) -> String {
        isJournal ? prefixed(text, level) : text + "\n"
    }

    static func prefixed(_ text: String, _ level: Logger.Level) -> String {
        text.split(separator: "\n").map { "<\(number(level))>\($0)\n" }.joined()
    }

    private static func number(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// Whether standard error is the stream that systemd says goes to the journal, and not a file or a
    /// pipe that it was turned to.
    private static let isJournal: Bool = {
        var status = stat()
        guard let stream = ProcessInfo.processInfo.environment["JOURNAL_STREAM"],
            fstat(STDERR_FILENO, &status) == 0
        else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }()
}
