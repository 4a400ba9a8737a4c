public import ArgumentParser
import Glibc

/// What a program prints, and how it ends where that cannot be written.
public enum ProgramOutput {
    /// The exit code of a program whose output nobody reads any more: 128 and the number of SIGPIPE, by
    /// which it would end if it did not clean up first.
    public static let nobodyReads: Int32 = 141
    /// The exit code of a program that cannot write its output, after BSD's sysexits.
    public static let unwritable: Int32 = 73

    /// Prints `line`; ends the program where it cannot be written.
    public static func print(_ line: String) { write("\(line)\n") }

    /// Writes `text` as it is; ends the program where it cannot be written, as ``tryWriting(_:)`` says.
    public static func write(_ text: String) {
        do {
            try tryWriting(text)
        } catch {
            exit(error.rawValue)
        }
    }

    /// Writes `text` as it is.
    /// - Throws: the code to end with: in silence where nobody reads any more, with a word on standard
    ///   error where the disk is full or the output is closed.
    public static func tryWriting(_ text: String) throws(ExitCode) {
        do {
            try StandardStream.output.write(text)
        } catch {
            if error.readerHasGone { throw ExitCode(nobodyReads) }
            let name = CommandLine.arguments.first?.split(separator: "/").last ?? "program"
            try? StandardStream.errors.write(
                "\(name): the output cannot be written: \(error.reason).\n")
            throw ExitCode(unwritable)
        }
    }
}
