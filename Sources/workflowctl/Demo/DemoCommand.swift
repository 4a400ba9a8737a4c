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
            arguments: ["--clock", "simulated", "--clock-start", "2026-03-02T14:30:00Z"])
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

/// One line of the CSV file.
struct Lead {
    let id: String
    let fields: JSONObject
    let service: String

    /// The leads of `proto-docs/examples/leads.csv`, which the program has in it.
    static func madeUp() throws -> [Lead] {
        try read(String(decoding: PackageResources.leads_csv, as: UTF8.self), "leads.csv")
    }

    static func read(file path: String) throws -> [Lead] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileProblem.unreadable(path)
        }
        return try read(String(decoding: data, as: UTF8.self), path)
    }

    private static func read(_ text: String, _ path: String) throws -> [Lead] {
        let rows = (try? CSV<Named>(string: text))?.rows ?? []
        let leads = rows.map(Lead.init).filter { !$0.id.isEmpty }
        guard !leads.isEmpty else {
            throw FileProblem.content(
                path, "It holds no leads. Its first line names the columns, id among them.")
        }
        return leads
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
