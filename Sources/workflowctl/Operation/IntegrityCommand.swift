import ArgumentParser
import JSONLines
import WorkflowStore

/// Looks for damage in a data directory or a backup.
struct IntegrityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integrity",
        abstract: "Look for damage in a data directory or a backup; nothing is changed.",
        discussion: """
            Run it on the service's own machine, as its user; the service may be running. It makes SQLite's \
            own checks and those of what the service holds to be true: a feed without gaps, enrollments that \
            wait for something, messages whose answer somebody expects. Ends with 0 where all is sound, \
            with 65 where something is damaged.
            """)

    @Flag(name: .long, help: "Print JSON for programs.")
    var json = false

    @Argument(help: "The data directory, or the folder of a backup.", completion: .directory)
    var folder: String

    func run() throws {
        try Reporting.run {
            let report = try IntegrityCheck(folder: folder).run()
            Terminal.output.print(json ? [report.json.text] : report.lines(folder))
            if !report.isSound { throw ExitCode(65) }
        }
    }
}

extension IntegrityReport {
    fileprivate func lines(_ folder: String) -> [String] {
        guard !isSound else {
            let inside = "\(enrollments) enrollment\(enrollments == 1 ? "" : "s")"
            return [
                "\(folder) is sound: \(checks.count) checks, the feed up to \(head), \(inside)."
            ]
        }
        return ["\(folder) is damaged."] + findings.flatMap(\.lines)
    }

    fileprivate var json: JSON {
        [
            "database": .string(path), "sound": .bool(isSound), "head": .integer(head),
            "enrollments": .integer(enrollments), "checks": .array(checks.map(JSON.string)),
            "findings": .array(findings.map(\.json)),
        ]
    }
}

extension IntegrityReport.Finding {
    fileprivate var lines: [String] {
        let more = count > examples.count ? ", ..." : ""
        let places = examples.isEmpty ? "" : " (\(examples.joined(separator: ", "))\(more))"
        return [
            "", "\(check): \(problem)",
            "  where    \(count) place\(count == 1 ? "" : "s")\(places)",
            "  meaning  \(meaning)", "  cure     \(cure)",
        ]
    }

    fileprivate var json: JSON {
        [
            "check": .string(check), "count": .integer(Int64(count)),
            "examples": .array(examples.map(JSON.string)), "problem": .string(problem),
            "meaning": .string(meaning), "cure": .string(cure),
        ]
    }
}
