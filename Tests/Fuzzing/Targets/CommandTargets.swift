import Foundation
import JSONLines
import Logging
import WorkflowModel
import WorkflowProtocol
import WorkflowService
import WorkflowStore

extension FuzzTarget {
    /// A line is a command, or an error that says what is wrong.
    static let request = FuzzTarget("request", cases: 2_000) { bytes in
        guard let json = try? JSON(parsing: bytes) else { return }
        do {
            let request = try Request(json)
            try require(!request.op.isEmpty, "A command has a name.")
            try require(request.id == Request.id(of: json), "Its id is echoed.")
        } catch let error as CommandError {
            try require(!error.message.isEmpty && error.path != nil, "An error says where.")
        }
    }

    /// A message of any bytes has one reply with a line for each of its lines, and a reply can be read.
    ///
    /// Each runs as an atomic batch that fails in the end, so that all begin with the same service.
    static let service = FuzzTarget("service", cases: 200) { bytes in
        try ServiceUnderTest.shared.take(bytes)
    }
}

/// One service for all inputs: each is undone.
private final class ServiceUnderTest: @unchecked Sendable {
    static let shared = ServiceUnderTest()
    private let service: WorkflowService?
    private let lock = NSLock()

    private init() {
        service = .forFuzzing(SilentChannels())
        for line in ServiceUnderTest.preparation { _ = exchange(Array(line.utf8)) }
    }

    private func exchange(_ body: [UInt8]) -> [OutgoingMessage] {
        lock.withLock {
            service?.turn([IncomingMessage(envelope: [[1], []], body: body)]).replies ?? []
        }
    }

    func take(_ bytes: [UInt8]) throws {
        let body =
            Array("{\"batch\":\"atomic\"}\n".utf8) + bytes + Array("\n{\"op\":\"none\"}".utf8)
        let replies = exchange(body)
        try require(replies.count == 1, "A message has one reply.")
        let lines = replies[0].body.split(separator: 0x0A)
        let count = bytes.count { $0 == 0x0A } + 2
        try require(lines.count == count || lines.count == 1, "It has a line for each line.")
        for line in lines {
            guard let reply = try? JSON(parsing: line), reply["ok"] == false else {
                throw Broken("A reply can be read, and says that nothing was done.")
            }
            try require(reply["error"]?["code"] != "internal_error", "No error is unforeseen.")
        }
    }

    /// What there is to be asked about.
    private static let preparation = [
        #"{"op":"settings.put","args":{"time_zone":"America/New_York"}}"#,
        """
        {"op":"workflow.create","args":{"id":"w","definition":{"name":"W","exits":[{"name":"out",\
        "when":{"signal":"a.b"}}],"entry":{"triggers":[{"signal":"c.d","where":{"n":{"exists":true}}}]},\
        "steps":[{"id":"m","kind":"message","channel":"sms","content":{"text":"Hi {{ contact.first_name }}"}},\
        {"id":"d","kind":"delay","for":{"days":1},"from":"record.due_date"},{"id":"b","kind":"branch",\
        "within":{"days":1},"paths":[{"name":"p","when":{"field":"record.balance","greater_than":0},\
        "steps":[]}]}]}}}
        """,
        #"{"op":"workflow.activate","args":{"workflow":"w"}}"#,
        """
        {"op":"enrollment.create","args":{"workflow":"w","contact":{"id":"c","fields":{"phone":"+12125550100"}},\
        "record":{"type":"invoice","id":"i","fields":{"due_date":"2026-04-01","balance":1}}}}
        """,
    ]
}

/// Channels that take everything and answer nothing.
private final class SilentChannels: ChannelGateway {
    let channels = ["sms", "email"].map {
        ChannelState(
            name: $0, capacity: 1_000, isUp: true, isStarting: false,
            audience: .contact(addressField: $0 == "sms" ? "phone" : "email"),
            tellsRepeatedKeys: false, answersQueries: false)
    }

    func send(_ message: ClaimedMessage) {}
    func query(key: String, on channel: String) {}
    func acknowledge(_ eventID: String, on channel: String) {}
    func takeReports() -> [GatewayReport] { [] }
    var statusJSON: [JSON] { [] }
}
