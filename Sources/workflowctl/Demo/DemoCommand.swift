import ArgumentParser
import Foundation
import JSONLines
import SwiftCSV
import WorkflowClient

/// A week in a quarter of a minute: the whole service at work, reaching nobody.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a service on a fast clock and watch leads go through a follow-up.",
        discussion: "Messages go to files; nothing leaves this machine.")

    @Option(name: .long, help: "The leads, a CSV file.")
    var leads = "proto-docs/examples/leads.csv"

    @Option(name: .long, help: "How many times as fast as real time the clock runs.")
    var speed = 43_200

    func validate() throws {
        guard (1...1_000_000).contains(speed) else {
            throw ValidationError("--speed is from 1 to 1000000.")
        }
    }

    mutating func run() throws {
        try Reporting.run {
            let leads = try Lead.read(leads)
            let service = try LocalService(
                name: "workflows-demo",
                arguments: ["--clock", "simulated", "--clock-start", "2026-03-02T14:30:00Z"])
            defer { service.stop() }
            try Demo(
                client: try service.client(), leads: leads, folder: service.folder,
                pace: DemoPace(speed: speed)
            ).run()
        }
    }
}

/// One line of the CSV file.
struct Lead {
    let id: String
    let fields: JSONObject
    let service: String

    static func read(_ path: String) throws -> [Lead] {
        do {
            let csv = try CSV<Named>(url: URL(fileURLWithPath: path))
            return csv.rows.map(Lead.init)
        } catch {
            throw ValidationError(
                "\(path) cannot be read as CSV. Run this in the top folder, or name a file with --leads."
            )
        }
    }

    private init(_ row: [String: String]) {
        id = row["id"] ?? ""
        service = row["record.service"] ?? ""
        var fields = JSONObject()
        for name in ["first_name", "last_name", "phone", "email", "time_zone"] {
            if let text = row[name], !text.isEmpty { fields[name] = .string(text) }
        }
        fields["full_name"] = .string(
            [row["first_name"], row["last_name"]].compactMap { $0 }.joined(separator: " "))
        self.fields = fields
    }
}
