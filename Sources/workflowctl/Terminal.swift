import CommandLineProgram
import Foundation
import TerminalText

/// One of the two outputs, and what it can show.
struct Terminal {
    /// Standard output.
    static let output = Terminal(.output)
    /// Standard error.
    static let errors = Terminal(.errors)

    private let stream: StandardStream
    /// Whether a person looks at it.
    let isTerminal: Bool
    /// Its colours.
    let ink: Ink

    private init(_ stream: StandardStream) {
        self.stream = stream
        isTerminal = isatty(stream.rawValue) == 1
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
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
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
    /// The program ends where what was asked for cannot be written, such as on a full disk.
    func write(_ text: String) {
        switch stream {
        case .output: ProgramOutput.write(text)
        case .errors: try? stream.write(text)
        }
    }
}
