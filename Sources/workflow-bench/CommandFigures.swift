import Foundation
import JSONLines
import WorkflowClient

/// Commands a second, as a share of what an echo of the same bytes reaches in the same run.
struct CommandFigures {
    /// Which commands.
    enum Kind {
        /// `contact.get` of one contact.
        case read
        /// `contact.put` that changes a contact which is there already.
        case write
    }

    let kind: Kind
    let duration: Duration
    let rounds: Int

    func measure() throws {
        let service = try LocalService(name: "workflow-bench", arguments: [])
        defer {
            service.stop()
            service.remove()
        }
        let client = try service.client()
        try client.call("contact.put", ["id": "c-0", "fields": Self.fields(0)])
        let sample = message(client: 0, turn: 0)
        let reply = try client.exchange(sample)
        let echo = EchoServer(endpoint: "ipc://\(service.folder)/echo", reply: reply)
        defer { echo.stop() }
        for load in Self.loads {
            try measure(load, service, echo.endpoint, (sample.count, reply.count))
        }
    }

    private typealias Clients = (count: Int, kind: Load.Kind, name: String)

    private static let loads: [Clients] = [
        (1, .request, "1 REQ"), (8, .request, "8 REQ"), (64, .request, "64 REQ"),
        (8, .pipelined(100), "8 DEALER, 100 in flight each"),
    ]

    private func measure(
        _ clients: Clients, _ service: LocalService, _ echo: String,
        _ bytes: (command: Int, reply: Int)
    ) throws {
        var limits: [Load.Result] = []
        var results: [Load.Result] = []
        var processorSeconds = 0.0
        for round in 0..<rounds {
            limits.append(try load(echo, clients, round).run())
            let before = ProcessUse(service.process).processorSeconds
            results.append(try load(service.commands, clients, round).run())
            processorSeconds += ProcessUse(service.process).processorSeconds - before
        }
        let replies = results.reduce(0) { $0 + $1.replies }
        let (limit, result) = (limits.middle, results.middle)
        var details: JSONObject = [
            "clients": .string(clients.name), "rounds": .integer(Int64(rounds)),
            "of_echo": .number((result.rate / limit.rate).rounded(to: 3)),
            "echo": .number(limit.rate.rounded()), "lowest": .number(results.lowest.rounded()),
            "highest": .number(results.highest.rounded()),
            "service_cpu_us": .number((processorSeconds / Double(replies) * 1e6).rounded(to: 1)),
            "command_bytes": .integer(Int64(bytes.command)),
            "reply_bytes": .integer(Int64(bytes.reply)),
        ]
        details["p50_us"] = result.median.map { .number($0.rounded()) }
        details["p99_us"] = result.p99.map { .number($0.rounded()) }
        details["echo_p50_us"] = limit.median.map { .number($0.rounded()) }
        Report.figure(kind == .read ? "command_read" : "command_write", result.rate, "1/s", details)
    }

    private func load(_ endpoint: String, _ clients: Clients, _ round: Int) -> Load {
        // Made beforehand, so that making them is no part of what is measured.
        let messages = (0..<clients.count).map { client in
            (0..<Self.turns).map { message(client: client, turn: round * Self.turns + $0) }
        }
        return Load(
            endpoint: endpoint, kind: clients.kind, duration: duration, messages: messages)
    }

    /// Messages that a client has; in one round of them it changes each of its contacts twice.
    ///
    /// They are so few that all contacts are there when the warm-up is over.
    private static let turns = 100

    private func message(client: Int, turn: Int) -> [UInt8] {
        let contact = Self.turns / 2
        let command: JSON =
            switch kind {
            case .read: ["op": "contact.get", "args": ["id": "c-0"]]
            case .write:
                [
                    "op": "contact.put",
                    "args": [
                        "id": .string("c-\(client)-\(turn % contact)"),
                        "fields": Self.fields(turn / contact),
                    ],
                ]
            }
        return command.bytes
    }

    private static func fields(_ turn: Int) -> JSON {
        [
            "first_name": "Alexandria", "last_name": "Montgomery",
            "email": "alexandria@example.com", "phone": "+12125550101",
            "time_zone": "America/New_York", "turn": .integer(Int64(turn)),
        ]
    }
}

extension [Load.Result] {
    /// The one with the middle rate.
    fileprivate var middle: Load.Result { sorted { $0.rate < $1.rate }[count / 2] }
    fileprivate var lowest: Double { map(\.rate).min() ?? 0 }
    fileprivate var highest: Double { map(\.rate).max() ?? 0 }
}
