import ArgumentParser
import Foundation
import JSONLines
import WorkflowModel
import WorkflowStore

/// Copies the data of a service that may be running.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the data directory into a new folder, while the service runs.",
        discussion: """
            Run it on the service's own machine, as its user. The copy is checked and on the disk when the \
            folder appears. It holds the database and the channels' journals; configuration files, keys and \
            outboxes are files of their own.
            """)

    @Option(help: ArgumentHelp("The data directory.", valueName: "folder"), completion: .directory)
    var data = "workflows-data"

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    @Argument(help: "The new folder.", completion: .directory)
    var target: String

    func run() throws {
        try Reporting.run {
            let backup = try Backup.make(of: data, to: target, at: .now)
            let result: JSON = [
                "backup": .string(target), "at": .string(backup.at.rfc3339),
                "head": .integer(backup.head), "files": .array(backup.files.map(JSON.string)),
            ]
            Terminal.output.print(json ? result.text : line(backup))
        }
    }

    private func line(_ backup: Backup) -> String {
        let journals = backup.files.count - 1
        let also = journals == 0 ? "" : " and \(journals) journal\(journals == 1 ? "" : "s")"
        return "\(target) holds the database\(also), the feed up to \(backup.head)."
    }
}

extension Instant {
    /// This machine's time.
    static var now: Instant {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}
