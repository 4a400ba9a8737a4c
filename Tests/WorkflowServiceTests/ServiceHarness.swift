import Foundation
import JSONLines
import Logging
import WorkflowModel
import WorkflowProtocol
import WorkflowService
import WorkflowStore

/// A whole service in this process: real store, a clock that the test moves, channels that do what the
/// test says.
final class ServiceHarness {
    let folder: URL
    let channels = ScriptedChannels()
    private(set) var clock: ServiceClock
    private(set) var service: WorkflowService
    private var store: Store
    private var elapsed = Elapsed()
    /// All events that were published, over restarts.
    private(set) var published: [JSONObject] = []

    /// Real time, as far as the service knows.
    private final class Elapsed {
        var value = Duration.zero
        /// What passes with each look at it.
        var step = Duration.zero

        func read() -> Duration {
            value += step
            return value
        }
    }

    init(at start: String = "2026-03-02T15:00:00Z") throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("service-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let elapsed = elapsed
        clock = ServiceClock(
            .simulated, start: Instant(rfc3339: start), elapsed: { elapsed.read() })
        store = try Store(path: folder.appendingPathComponent("test.sqlite").path)
        service = try ServiceHarness.service(store, clock, channels)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func service(_ store: Store, _ clock: ServiceClock, _ channels: ScriptedChannels)
        throws -> WorkflowService
    {
        var log = Logger(label: "test")
        log.logLevel = .critical
        return try WorkflowService(store: store, clock: clock, gateway: channels, log: log)
    }

    var databasePath: String { folder.appendingPathComponent("test.sqlite").path }

    /// Ends the service as a power cut would, and starts it again over the same database; its clock then
    /// shows `moment`, or what it showed.
    func crash(wakingAt moment: Instant? = nil) throws {
        channels.restart()
        let elapsed = elapsed
        let now = moment ?? clock.now
        clock = ServiceClock(.simulated, start: now, elapsed: { elapsed.read() })
        store = try Store(path: databasePath)
        service = try ServiceHarness.service(store, clock, channels)
        channels.reports += channels.channels.map { .ready(channel: $0.name) }
    }

    // MARK: Commands

    /// Sends `lines` as one message, and returns the reply lines that are there after one turn.
    @discardableResult
    func exchange(_ lines: String...) throws -> [JSON] {
        try replies(service.turn([message(lines.joined(separator: "\n"))]))
    }

    func message(_ text: String, from client: UInt8 = 1) -> IncomingMessage {
        IncomingMessage(envelope: [[client], []], body: Array(text.utf8))
    }

    func replies(_ output: WorkflowService.Output) throws -> [JSON] {
        keep(output)
        return try output.replies.flatMap { reply in
            try reply.body.split(separator: 0x0A).map { try JSON(parsing: $0) }
        }
    }

    /// The reply to one command.
    @discardableResult
    func reply(_ op: String, _ args: JSON = [:], _ members: JSONObject = [:]) throws -> JSON {
        let command: JSONObject = ["op": .string(op), "args": args]
        return try exchange(JSON.object(command.merging(members)).text)[0]
    }

    /// The result of one command that has to succeed.
    @discardableResult
    func call(_ op: String, _ args: JSON = [:]) throws -> JSON {
        let reply = try reply(op, args)
        guard let result = reply["result"] else { throw Unexpected(reply: reply) }
        return result
    }

    struct Unexpected: Error { let reply: JSON }

    /// One turn without a message.
    func turn() { keep(service.turn([])) }

    private func keep(_ output: WorkflowService.Output) {
        published += output.events.compactMap { try? $0.json(epoch: service.identity.epoch).object }
        if let last = output.events.last { service.wasPublished(upTo: last.seq) }
    }

    /// Lets real time pass.
    func pass(_ time: Duration) { elapsed.value += time }

    /// Lets `time` pass with each look at the clock: as if every command took that long.
    func slowDown(_ time: Duration) { elapsed.step = time }

    /// Moves the clock, and works until nothing is left to do.
    func advance(to moment: String) throws {
        let command: JSON = ["op": "clock.advance", "args": ["to": .string(moment)]]
        var output = service.turn([message(command.text)])
        keep(output)
        var turns = 0
        while output.replies.isEmpty, turns < 10_000 {
            output = service.turn([])
            keep(output)
            turns += 1
        }
    }

    /// Works until nothing is due and nothing is with a channel.
    func settle() { for _ in 0..<20 { turn() } }

    // MARK: What is common

    func setUp(_ steps: JSON, exits: JSON = [], name: String = "test") throws {
        try call(
            "settings.put",
            ["time_zone": "America/New_York", "notifications": ["quiet_hours": nil]])
        let definition: JSON = ["name": .string(name), "exits": exits, "steps": steps]
        try call("workflow.create", ["id": .string(name), "definition": definition])
        try call("workflow.activate", ["workflow": .string(name)])
    }

    @discardableResult
    func enroll(_ contact: String, workflow: String = "test") throws -> JSON {
        let digits = contact.utf8.reduce(0) { ($0 * 31 + Int($1)) % 9_000_000 } + 1_000_000
        let fields: JSON = [
            "first_name": .string(contact), "phone": .string("+1555\(digits)"),
            "email": .string("\(contact)@example.com"),
        ]
        return try call(
            "enrollment.create",
            ["workflow": .string(workflow), "contact": ["id": .string(contact), "fields": fields]])
    }

    /// The types of the published events of `contact`, with the step where there is one.
    func story(_ contact: String) -> [String] {
        published.filter { $0["contact"]?.string == contact }.map { event in
            let type = event["type"]?.string ?? ""
            let step = event["step"]?.string.map { " \($0)" } ?? ""
            let reason = event["reason"]?.string.map { " \($0)" } ?? ""
            return type + step + reason
        }
    }
}
