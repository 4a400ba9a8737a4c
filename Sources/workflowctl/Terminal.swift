import Foundation
import TerminalText

/// One of the two outputs, and what it can show.
struct Terminal {
    /// Standard output.
    static let output = Terminal(.standardOutput)
    /// Standard error.
    static let errors = Terminal(.standardError)

    private let handle: FileHandle
    /// Whether a person looks at it.
    let isTerminal: Bool
    /// Its colours.
    let ink: Ink

    private init(_ handle: FileHandle) {
        self.handle = handle
        isTerminal = isatty(handle.fileDescriptor) == 1
        ink = Ink.suited(
            toTerminal: isTerminal, environment: ProcessInfo.processInfo.environment)
    }

    /// Its columns; nil for a pipe or a file, which take lines of any length.
    var width: Int? {
        guard isTerminal else { return nil }
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }) {
            return max(20, columns)
        }
        var size = winsize()
        guard ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return max(20, Int(size.ws_col))
    }

    /// Writes lines at once.
    func print(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        write(lines.joined(separator: "\n") + "\n")
    }

    /// Writes a line at once.
    func print(_ line: String) { print([line]) }

    /// Writes `text` as it is.
    ///
    /// The program ends with 73 where what was asked for cannot be written, such as on a full disk.
    func write(_ text: String) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            guard handle.fileDescriptor == STDOUT_FILENO else { return }
            Terminal.errors.print("workflowctl: the output cannot be written.")
            exit(73)
        }
    }
}
