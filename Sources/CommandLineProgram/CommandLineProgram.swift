public import ArgumentParser
import Glibc
import JSONLines

/// A program with arguments whose words always arrive, or whose exit code says that they did not.
public protocol CommandLineProgram: ParsableCommand {}

extension CommandLineProgram {
    /// Parses the arguments, runs the command, and ends with its exit code.
    ///
    /// In place of ArgumentParser's own `main`, which says nothing of an output that cannot be written.
    /// From here on the process ignores SIGPIPE, so that what has to be cleaned up is.
    public static func main() {
        StandardStream.reserveDescriptors()
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            try MisspeltCommand.check(arguments, of: Self.self)
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            end(error)
        }
    }

    /// Says what `error` is, help and versions on standard output, and ends the program.
    private static func end(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        guard !message.isEmpty else { Glibc.exit(code.rawValue) }
        if code == .success {
            ProgramOutput.print(message)
        } else {
            try? StandardStream.errors.write("\(message)\n")
        }
        Glibc.exit(code.rawValue)
    }
}
