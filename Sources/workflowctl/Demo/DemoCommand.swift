import ArgumentParser
import Foundation
import JSONLines
import WorkflowClient

/// A week in a quarter of a minute: the whole service at work, reaching nobody.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a service on a fast clock and watch leads go through a follow-up.",
        discussion: """
            Messages go to files; nothing leaves this machine, and nothing stays on it.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The leads, a CSV file, in place of five made-up ones.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var leads: String?

    @Flag(help: "Leave the service's folder with all messages, and say where it is.")
    var keep = false

    @Option(name: .long, help: "How many times as fast as real time the clock runs.")
    var speed = 43_200

    func validate() throws {
        guard (1...1_000_000).contains(speed) else {
            throw ValidationError("--speed is from 1 to 1000000.")
        }
    }

    mutating func run() throws {
        try Reporting.run {
            let leads = try leads.map(Lead.read(file:)) ?? Lead.madeUp()
            try withExtendedLifetime(Interruption.endingProgram()) { try play(leads) }
        }
    }

    private func play(_ leads: [Lead]) throws {
        let service = try LocalService(
            name: "workflows-demo",
            arguments: ["--clock", "simulated", "--clock-start", "2026-03-02T14:30:00Z"],
            keepsFolder: keep)
        defer {
            service.stop()
            if !keep { service.remove() }
        }
        try Demo(
            client: try service.client(), leads: leads, folder: service.folder,
            pace: DemoPace(speed: speed), keepsFolder: keep
        ).run()
    }
}

/// A contact who asked about a service.
struct Lead {
    let contact: JSONObject
    let record: JSON

    var id: String { contact["id"]?.string ?? "" }
    var zone: String { contact["fields"]?["time_zone"]?.string ?? "UTC" }
    var service: String { record["fields"]?["service"]?.string ?? "" }

    /// The leads of `proto-docs/examples/leads.csv`, which the program has in it.
    static func madeUp() throws -> [Lead] {
        let path = "leads.csv"
        return try read(
            ContactFile(PackageResources.leads_csv, path: path, mapping: mapping), path)
    }

    static func read(file path: String) throws -> [Lead] {
        try read(ContactFile(path: path, mapping: mapping), path)
    }

    private static var mapping: ContactFile.Mapping {
        var mapping = ContactFile.Mapping()
        mapping.recordType = "lead"
        mapping.texts = ["record.service"]
        return mapping
    }

    private static func read(_ file: ContactFile, _ path: String) throws -> [Lead] {
        guard !file.rows.isEmpty else {
            throw FileProblem.content(
                path, "It holds no leads. Its first line names the columns, id among them.")
        }
        return try file.rows.map { row in
            switch row.content {
            case .success(let entry): Lead(entry)
            case .failure(let error):
                throw FileProblem.content(path, "Row \(row.number): \(error.reason)")
            }
        }
    }

    private init(_ entry: JSON) {
        var contact = entry["contact"]?.object ?? [:]
        var fields = contact["fields"]?.object ?? [:]
        if fields["full_name"] == nil {
            let names = ["first_name", "last_name"].compactMap { fields[$0]?.string }
            fields["full_name"] = .string(names.joined(separator: " "))
        }
        contact["fields"] = .object(fields)
        self.contact = contact
        record = entry["record"] ?? .null
    }
}
