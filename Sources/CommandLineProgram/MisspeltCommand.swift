import ArgumentParser
import JSONLines

/// A subcommand that there is not, which ArgumentParser takes for an argument too many.
enum MisspeltCommand {
    /// Follows `arguments` down the subcommands of `root`, as far as they name some.
    /// - Throws: `ValidationError` with the nearest name where one of them names none.
    static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws {
        var command = root
        for argument in arguments {
            let commands = command.configuration.subcommands
            if commands.isEmpty || argument.hasPrefix("-") || argument == "help" { return }
            guard let next = commands.first(where: { $0._commandName == argument }) else {
                throw ValidationError(words(argument, commands.map { $0._commandName }))
            }
            command = next
        }
    }

    private static func words(_ name: String, _ known: [String]) -> String {
        let near = Spelling.nearest(to: name, among: known)
        return "There is no command \"\(name)\"."
            + (near.map { " Did you mean \"\($0)\"?" }
                ?? " Known are: \(known.joined(separator: ", ")).")
    }
}
