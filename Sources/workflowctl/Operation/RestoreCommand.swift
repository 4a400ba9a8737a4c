import ArgumentParser
import JSONLines
import WorkflowModel
import WorkflowStore

/// Puts a backup in the place of a data directory.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup into a data directory, while no service runs in it.",
        discussion: """
            The feed gets a new epoch, so that subscribers read it from its beginning. What the service did \
            after the backup is unknown to it: a message that left since then goes again where its moment \
            comes, unless its channel tells a repeated key or the late rule skips it. A backup that SQLite finds             damaged is refused; one with other damage is restored with a warning.
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "folder"), completion: .directory)
    var data = "workflows-data"

    @Flag(help: "Move data that are there aside, and say where.")
    var replace = false

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    @Argument(help: "The folder of the backup.", completion: .directory)
    var backup: String

    func run() throws {
        try Reporting.run {
            let backup = try Backup(folder: backup)
            let restored = try backup.restore(to: data, replacing: replace, at: .now)
            var result: JSONObject = [
                "data": .string(data), "at": .string(backup.at.rfc3339),
                "head": .integer(backup.head), "epoch": .string(restored.epoch),
            ]
            result["moved_aside"] = restored.movedAside.map(JSON.string)
            result["findings"] = .integer(Int64(restored.findings))
            Terminal.output.print(json ? [JSON.object(result).text] : lines(backup, restored))
            warn(of: restored.findings)
        }
    }

    private func warn(of findings: Int) {
        guard findings > 0 else { return }
        Terminal.errors.print(
            "workflowctl: the backup was damaged before it was made: see workflowctl integrity \(data)."
        )
    }

    private func lines(_ backup: Backup, _ restored: Backup.Restored) -> [String] {
        let moved = restored.movedAside.map { ["What was there before lies in \($0)."] } ?? []
        return [
            "\(data) is restored as of \(backup.at.rfc3339), the feed up to \(backup.head), epoch \(restored.epoch)."
        ] + moved
    }
}
