import ArgumentParser
import JSONLines
import WorkflowClient

/// Takes a contact out: nothing more leaves for it.
struct UnenrollCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unenroll",
        abstract: "Take a contact out of a workflow: nothing more leaves for it.",
        usage: """
            workflowctl unenroll follow-up c-1
            workflowctl unenroll en_12
            """)

    @OptionGroup var service: ServiceOptions

    @Argument(help: "An enrollment, or a workflow and a contact.")
    var subject: [String]

    func validate() throws {
        guard (1...2).contains(subject.count) else {
            throw ValidationError("Name an enrollment, or a workflow and a contact.")
        }
    }

    func run() throws {
        try service.run { session in
            let ids = try enrollments(session.client)
            guard !ids.isEmpty else {
                throw Reporting.failure("\(subject[1]) is not inside \(subject[0]).", 1)
            }
            let results = try ids.map { id in
                try session.call("enrollment.delete", ["enrollment": id])
            }
            session.print(results) { results.map(Self.line) }
        }
    }

    private func enrollments(_ client: CommandClient) throws -> [JSON] {
        if subject.count == 1 { return [.string(subject[0])] }
        let found = try client.list(
            "enrollment.list", "enrollments",
            ["workflow": .string(subject[0]), "contact": .string(subject[1]), "state": "active"])
        return found.compactMap { $0["id"] }
    }

    private static func line(_ result: JSON) -> String {
        let text =
            "\(result["contact"]?.string ?? "") is out of \(result["workflow"]?.string ?? "")"
        return result["in_flight"] == true
            ? "\(text); a message was with its channel and may still arrive." : "\(text)."
    }
}
