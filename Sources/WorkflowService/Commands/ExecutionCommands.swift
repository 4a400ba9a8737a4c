import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about what was executed.
enum ExecutionCommands {
    static let all: [any Command.Type] = [
        ExecutionList.self, ExecutionGet.self, ExecutionPurge.self, ExecutionResolve.self,
    ]

    /// The families of events that are executions of steps.
    static let families = ["message", "step", "flag"]

    /// The types of these events.
    static let types = [
        "message.sent", "message.accepted", "message.delivered", "message.failed",
        "message.unknown", "message.held", "message.skipped", "step.executed", "flag.raised",
    ]
}

/// Lists executions: the same rows that the feed carries.
private struct ExecutionList: Command {
    static let op = "execution.list"
    static let isWrite = false

    private enum Order: String, CaseIterable { case newest, oldest }

    let contact: String?
    let workflow: String?
    let enrollment: Int64?
    let types: [String]
    private let order: Order
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        contact = try args.string("contact")
        workflow = try args.string("workflow")
        enrollment = args.value("enrollment") == nil ? nil : try args.enrollment("enrollment")
        types = try args.names("types", among: ExecutionCommands.types)
        order = try args.choice("order") ?? .newest
        page = try PageRequest(&args, of: "executions")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        var filter = HistoryFilter(families: ExecutionCommands.families, types: types)
        filter.contact = try contact.map { try context.anyContact($0).id }
        filter.workflows = try workflow.map(context.anyWorkflow) ?? []
        if let enrollment {
            let stored = try context.enrollment(enrollment)
            filter.enrollment = enrollment
            filter.contact = stored.contact
        }
        let cursor = try page.number()
        let (session, bytes) = (context.session, ProtocolLimits.eventPageBytes)
        let limit = page.limit + 1
        let events =
            order == .oldest
            ? try session.events(filter, after: cursor ?? 0, limit: limit, bytes: bytes)
            : try session.events(filter, before: cursor ?? .max, limit: limit, bytes: bytes)
        let isCut = events.bodyBytes > bytes
        let composer = EventComposer(session: context.session, catalog: context.catalog)
        return try page.page(
            "executions", events, isCut: isCut, cursor: { PageRequest.cursor($0.seq) }
        ) {
            try composer.event($0).json(epoch: context.identity.epoch)
        }
    }
}

private struct ExecutionGet: Command {
    static let op = "execution.get"
    static let isWrite = false
    let seq: Int

    init(_ args: inout ObjectReader) throws(FieldError) {
        guard let seq = try args.integer("seq", in: 1...Int(JSON.largestInteger)) else {
            throw FieldError(.missing, at: args.path(of: "seq"), "This field is required.")
        }
        self.seq = seq
    }

    func run(in context: CommandContext) throws -> CommandResult {
        guard let stored = try context.session.event(Int64(seq)),
            ExecutionCommands.families.contains(StoredEvent.family(of: stored.type))
        else {
            throw CommandError(
                .notFound, "There is no execution at this position.", path: "args.seq")
        }
        let composer = EventComposer(session: context.session, catalog: context.catalog)
        return .done(try composer.event(stored).json(epoch: context.identity.epoch).object ?? [:])
    }
}

/// Removes history by age, contact or workflow; a bounded number of rows with each call.
private struct ExecutionPurge: Command {
    static let op = "execution.purge"
    let before: Instant?
    let contact: String?
    let workflow: String?

    /// Rows that one call removes at most, so that others are not kept waiting.
    private static let batch = 20_000

    init(_ args: inout ObjectReader) throws(FieldError) {
        before = try args.instant("before")
        contact = try args.string("contact")
        workflow = try args.string("workflow")
        guard before != nil || contact != nil || workflow != nil else {
            throw FieldError(
                .missing, at: args.path(of: "before"),
                "A purge names at least one of before, contact, workflow.",
                hint: #"For instance "before": "2026-01-01T00:00:00Z"."#)
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        if let before, before > context.turn.now {
            throw CommandError(
                .invalidValue, "This moment is still to come, so that all history lies before it.",
                hint: "It is \(context.turn.now.rfc3339) now.", path: "args.before")
        }
        var filter = HistoryFilter()
        filter.contact = try contact.map { try context.anyContact($0).id }
        filter.workflows = try workflow.map(context.anyWorkflow) ?? []
        let (removed, floor) = try context.session.purge(filter, before: before, limit: Self.batch)
        if let floor { try context.session.setMeta("feed_floor", String(floor)) }
        if removed > 0 {
            try context.turn.record("history.purged", ["rows": .integer(Int64(removed))])
        }
        return .done(["purged": .integer(Int64(removed)), "more": .bool(removed == Self.batch)])
    }
}

/// A person says what became of a message of which nobody knows.
private struct ExecutionResolve: Command {
    static let op = "execution.resolve"

    private enum Outcome: String, CaseIterable { case sent, failed, resend }

    let enrollment: Int64
    let step: String
    private let outcome: Outcome

    init(_ args: inout ObjectReader) throws(FieldError) {
        enrollment = try args.enrollment("enrollment")
        step = try args.requiredString("step")
        guard let outcome = try args.choice("outcome", Outcome.self) else {
            throw FieldError(
                .missing, at: args.path(of: "outcome"), "This field is required.",
                hint: "One of sent, failed, resend.")
        }
        self.outcome = outcome
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.enrollment(enrollment)
        let version = try context.catalog.version(stored.version, context.session)
        let open = try context.session.messages(enrollment: enrollment).last { message in
            message.state == .unknown
                && MessagePlace(message.address, in: version.timeline)?.stepID == step
        }
        guard let open else {
            throw CommandError(
                .notUnknown, "No message of this step has an unknown outcome.", path: "args.step")
        }
        if outcome == .resend {
            guard stored.enrollment.status == .active else {
                throw CommandError(
                    .notActive, "The enrollment has ended, so nothing is sent for it any more.")
            }
            try orderResend(of: open, behind: stored.enrollment.attempt, in: context)
        }
        let result = try context.runner.run(stored) { machine in
            switch outcome {
            case .sent: machine.settle(open.address, .sent, byPerson: true)
            case .failed:
                let failure = SendFailure(.permanent, reason: "resolved_by_person")
                machine.settle(open.address, .failed(failure), byPerson: true)
            case .resend: machine.resend()
            }
        }
        return .done(try EnrollmentView(context: context).json(result.stored))
    }

    /// Lets the message's next attempts tell the channel that a person has looked, and up to which attempt
    /// the word counts.
    private func orderResend(
        of message: StoredMessage, behind attempt: Int, in context: CommandContext
    ) throws {
        guard let text = message.request, var request = try JSON(parsing: text).object else {
            return
        }
        request["resend"] = true
        request["ruled_out"] = .integer(Int64(attempt))
        request["doubt"] = nil
        var ordered = message
        ordered.request = JSON.object(request).text
        try context.session.put(ordered)
    }
}

extension ObjectReader {
    /// Member `name` as a list of names out of `known`; absent means none.
    mutating func names(_ name: String, among known: [String]) throws(FieldError) -> [String] {
        let names = try names(name)
        for (index, one) in names.enumerated() where !known.contains(one) {
            let near = Spelling.nearest(to: one, among: known)
            throw FieldError(
                .invalid, at: "\(path(of: name))[\(index)]",
                "It must be one of \(known.joined(separator: ", ")).",
                hint: near.map { "Did you mean \"\($0)\"?" })
        }
        return names
    }

    /// Member `name` as a list of names; absent means none.
    mutating func names(_ name: String) throws(FieldError) -> [String] {
        try elements(name, atMost: 50) { json, path throws(FieldError) in
            guard let text = json.string, !text.isEmpty else {
                throw FieldError(.invalid, at: path, "Expected a name, not \(json.kind).")
            }
            return text
        }
    }
}

extension CommandContext {
    /// The workflow called `id`, and those of that name that were deleted: their history stays.
    func anyWorkflow(_ id: String) throws -> [Int64] {
        let found = try session.workflows(everNamed: id)
        return found.isEmpty ? [try workflow(id).id] : found
    }

    /// The contact called `id`, be it erased.
    func anyContact(_ id: String) throws -> StoredContact {
        guard let contact = try session.contact(named: id) else {
            throw CommandError(.notFound, "There is no such contact.", path: "args.contact")
        }
        return contact
    }
}
