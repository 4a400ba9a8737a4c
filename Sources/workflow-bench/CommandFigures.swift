import Foundation
import JSONLines
import WorkflowClient

/// Commands a second, as a share of what an echo of the same bytes reaches in the same run.
struct CommandFigures {
    let seconds: Int

    func measure() throws {
        let service = try LocalService(name: "workflow-bench", arguments: [])
        defer {
            service.stop()
            service.remove()
        }
        let client = try service.client()
        try client.call("contact.put", ["id": "c-0", "fields": Self.fields(0)])
        let read: JSON = ["op": "contact.get", "args": ["id": "c-0"]]
        let reply = try client.exchange(read.bytes)
        let echo = EchoServer(endpoint: "ipc://\(service.folder)/echo", reply: reply)
        defer { echo.stop() }
        for (clients, kind, name) in Self.loads {
            let limit = run(echo.endpoint, clients, kind) { _, _ in read.bytes }
            let reads = run(service.commands, clients, kind) { _, _ in read.bytes }
            let writes = run(service.commands, clients, kind, Self.write)
            report("commands_read", name, reads, limit)
            report("commands_durable_write", name, writes, limit)
        }
    }

    private static let loads: [(Int, Load.Kind, String)] = [
        (1, .request, "1 REQ"), (8, .request, "8 REQ"), (64, .request, "64 REQ"),
        (8, .pipelined(100), "8 DEALER, 100 in flight each"),
    ]

    private func run(
        _ endpoint: String, _ clients: Int, _ kind: Load.Kind,
        _ message: @escaping @Sendable (Int, Int) -> [UInt8]
    ) -> Double {
        Load(endpoint: endpoint, clients: clients, kind: kind, seconds: seconds, message: message)
            .run()
    }

    private func report(_ name: String, _ clients: String, _ value: Double, _ limit: Double) {
        Report.figure(
            name, value, "1/s",
            [
                "clients": .string(clients), "echo": .number(limit.rounded()),
                "of_echo": .number((value / limit * 1_000).rounded() / 1_000),
            ])
    }

    private static func fields(_ turn: Int) -> JSON {
        [
            "first_name": "Alexandria", "last_name": "Montgomery",
            "email": "alexandria@example.com",
            "phone": "+12125550101", "time_zone": "America/New_York", "turn": .integer(Int64(turn)),
        ]
    }

    private static func write(_ client: Int, _ turn: Int) -> [UInt8] {
        let command: JSON = [
            "op": "contact.put",
            "args": ["id": .string("c-\(client)-\(turn % 500)"), "fields": fields(turn)],
        ]
        return command.bytes
    }
}
