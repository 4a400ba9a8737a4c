import JSONLines
import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about the service itself.
enum SystemCommands {
    static let all: [any Command.Type] = [
        SystemHello.self, ChannelList.self, EventsRead.self, ClockGet.self, ClockAdvance.self,
    ]
}

private struct SystemHello: Command {
    static let op = "system.hello"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        let caller = try Authorization(session: context.session).identity(of: context.caller)
        var callerJSON: JSONObject = ["role": .string(caller.role.rawValue)]
        callerJSON["name"] = caller.name.map(JSON.string)
        return .done([
            "service": "workflowd", "version": .string(ServiceVersion.text),
            "protocol": .integer(Int64(ProtocolLimits.version)),
            "instance": .string(context.identity.instance),
            "now": .string(context.turn.now.rfc3339), "clock": .string(context.clock.kind.name),
            "caller": .object(callerJSON),
            "events": [
                "epoch": .string(context.identity.epoch), "head": .integer(context.turn.head),
                "floor": .integer(try context.session.feedFloor()),
            ],
            "limits": [
                "line_bytes": number(ProtocolLimits.lineBytes),
                "message_bytes": number(ProtocolLimits.messageBytes),
                "lines_per_message": number(ProtocolLimits.linesPerMessage),
                "reply_bytes": number(ProtocolLimits.replyBytes),
                "field_bytes": number(ProtocolLimits.fieldBytes),
                "queue_bytes": number(ProtocolLimits.clientQueueBytes),
                "waiting": number(ProtocolLimits.waitingMessages),
                "bulk_enrollments": number(ProtocolLimits.bulkEnrollments),
                "page": number(ProtocolLimits.largestPage),
                "event_page": number(ProtocolLimits.largestEventPage),
                "wait_ms": number(ProtocolLimits.longestWait),
                "key_hours": number(ProtocolLimits.keyHours),
            ],
            "ops": .array(CommandTable.byOp.keys.sorted().map(JSON.string)),
        ])
    }

    private func number(_ value: Int) -> JSON { .integer(Int64(value)) }
}

private struct ChannelList: Command {
    static let op = "channel.list"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        let channels = try context.gateway.statusJSON.map { status -> JSON in
            var object = status.object ?? [:]
            if let name = object["name"]?.string {
                object["waiting"] = .integer(Int64(try context.session.waiting(in: .channel(name))))
                for outcome in [ReportOutcome.stray, .unmatched, .failed] {
                    let count = context.vitals.counts.reports(outcome, of: name)
                    object["\(outcome.rawValue)_reports"] = .integer(Int64(count))
                }
            }
            return .object(object)
        }
        return .done(["channels": .array(channels)])
    }
}

/// Reads the feed, and waits for more where it has nothing.
struct EventsRead: Command {
    static let op = "events.read"
    static let isWrite = false
    let after: Int64
    let families: [String]
    let limit: Int
    let wait: Duration?

    init(_ args: inout ObjectReader) throws(FieldError) {
        after = Int64(try args.integer("after", in: 0...Int(JSON.largestInteger)) ?? 0)
        families = try args.names("families", among: Event.families)
        limit =
            try args.integer("limit", in: 1...ProtocolLimits.largestEventPage)
            ?? ProtocolLimits.largestPage
        wait = try args.integer("wait_ms", in: 0...ProtocolLimits.longestWait).map {
            .milliseconds($0)
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let result = try read(context)
        if result["events"]?.array?.isEmpty == true, let wait, wait > .zero {
            return .waits(.events(self, until: context.clock.elapsed + wait))
        }
        return .done(result)
    }

    /// What there is now, be it nothing.
    func read(_ context: CommandContext) throws -> JSONObject {
        let floor = try context.session.feedFloor()
        guard after >= floor || context.turn.head == 0 else {
            throw CommandError(
                .eventsTruncated, "Events behind this position have been purged.",
                hint: "Read the current state with enrollment.list, then go on from the floor.",
                details: ["floor": .integer(floor), "head": .integer(context.turn.head)])
        }
        let filter = HistoryFilter(families: families)
        let events = try context.session.events(
            filter, after: after, limit: limit, bytes: ProtocolLimits.eventPageBytes)
        let isFull = events.count == limit || events.bodyBytes > ProtocolLimits.eventPageBytes
        let composer = EventComposer(session: context.session, catalog: context.catalog)
        return [
            "events": .array(
                try events.map {
                    try composer.event($0).json(epoch: context.identity.epoch)
                }),
            "head": .integer(context.turn.head), "epoch": .string(context.identity.epoch),
            // Behind the last event of a full page there may be more; else all up to the head was read.
            "next": .integer(
                isFull ? events.last?.seq ?? after : max(after, context.turn.head)),
        ]
    }
}

extension FeedPosition {
    /// Whether there may be something behind the position of `read`.
    func hasNews(for read: EventsRead) -> Bool {
        guard !read.families.isEmpty else { return head > read.after }
        return read.families.contains { families[$0] ?? 0 > read.after }
    }
}

extension [StoredEvent] {
    /// Bytes of all bodies.
    var bodyBytes: Int { reduce(0) { $0 + $1.body.utf8.count } }
}

extension StoreSession {
    /// The position below which the feed was purged.
    fileprivate func feedFloor() throws -> Int64 {
        try meta("feed_floor").flatMap { Int64($0) } ?? 0
    }
}

private struct ClockGet: Command {
    static let op = "clock.get"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        .done(["now": .string(context.turn.now.rfc3339), "clock": .string(context.clock.kind.name)])
    }
}

/// Moves a simulated clock; the reply comes when all that was due on the way has been done.
private struct ClockAdvance: Command {
    static let op = "clock.advance"
    let to: Instant?
    let by: DurationAmount?

    init(_ args: inout ObjectReader) throws(FieldError) {
        to = try args.instant("to")
        by = try args.duration("by")
        guard (to == nil) != (by == nil) else {
            throw FieldError(
                to == nil ? .missing : .invalid, at: args.path(of: "to"),
                "The clock moves either to a moment or by a length of time.",
                hint: #"For instance "by": {"days": 1}."#)
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        guard context.clock.kind == .simulated else {
            throw CommandError(
                .clockNotSimulated, "This service runs by the real time.",
                hint: "Start workflowd with --clock simulated to move its clock.")
        }
        if let to, to < context.turn.now {
            throw CommandError(
                .invalidValue, "The clock does not go back.",
                hint: "It shows \(context.turn.now.rfc3339).", path: "args.to")
        }
        let moment = to ?? context.turn.now + (by?.nominal ?? .zero)
        guard Instant.acceptedRange.contains(moment) else {
            throw CommandError(
                .invalidValue, "The clock ends with the year 9999.", path: "args.by")
        }
        return .waits(.clock(moment))
    }
}

extension ServiceClock.Kind {
    var name: String {
        switch self {
        case .system: "system"
        case .simulated: "simulated"
        case .scaled(let factor): "\(factor.formattedFactor)x"
        }
    }
}

extension Double {
    fileprivate var formattedFactor: String {
        self == rounded() ? String(Int(self)) : String(self)
    }
}
