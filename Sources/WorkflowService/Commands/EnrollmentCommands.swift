import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about enrollments.
enum EnrollmentCommands {
    static let all: [any Command.Type] = [
        EnrollmentCreate.self, EnrollmentGet.self, EnrollmentList.self, EnrollmentDelete.self,
    ]
}

/// Enrolls one contact, or each of a list by itself.
private struct EnrollmentCreate: Command {
    static let op = "enrollment.create"

    struct Entry {
        let contact: ContactBook.ContactReference
        let record: ContactBook.RecordReference?
    }

    let workflow: String
    let entries: [Entry]
    let isBulk: Bool
    let source: JSONObject

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        source = try EnrollmentCreate.source(&args)
        guard args.contains("contacts") else {
            entries = [
                Entry(contact: try args.contact("contact"), record: try args.record("record"))
            ]
            isBulk = false
            return
        }
        entries = try args.elements("contacts", atMost: ProtocolLimits.bulkEnrollments) {
            json, path throws(FieldError) in
            var reader = try ObjectReader(json, at: path)
            let entry = Entry(
                contact: try reader.contact("contact"), record: try reader.record("record"))
            try reader.finish()
            return entry
        }
        isBulk = true
        guard !entries.isEmpty else { throw args.invalid("contacts", "The list is empty.") }
    }

    private enum SourceKind: String, CaseIterable {
        case manual, trigger
        case smartAutomation = "smart_automation"
        case bulkImport = "import"
    }

    private static func source(_ args: inout ObjectReader) throws(FieldError) -> JSONObject {
        guard let json = args.value("source") else { return [:] }
        var reader = try ObjectReader(
            json.string.map { ["kind": .string($0)] } ?? json, at: args.path(of: "source"))
        let kind = try reader.choice("kind", SourceKind.self) ?? .manual
        var source: JSONObject = ["kind": .string(kind.rawValue)]
        source["rule"] = try reader.text("rule", DefinitionLimits.name).map(JSON.string)
        try reader.finish()
        return source
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        defer { context.batch?.pinVersions() }
        try context.batch?.count(enrollments: entries.count)
        guard isBulk else { return .done(try enroll(entries[0], stored, context)) }
        var created = 0
        var results: [JSON] = []
        for (index, entry) in entries.enumerated() {
            do {
                let result = try context.turn.attempt { try enroll(entry, stored, context) }
                if result["created"]?.bool == true { created += 1 }
                results.append(.object(result))
            } catch var error as CommandError {
                if error.path == "args.record" { error.path = "args.contacts[\(index)].record" }
                results.append(["contact": .string(entry.contact.id), "error": error.json])
            }
        }
        return .done([
            "created": .integer(Int64(created)),
            "refused": .integer(Int64(results.count { $0["error"] != nil })),
            "results": .array(results),
        ])
    }

    private func enroll(_ entry: Entry, _ workflow: StoredWorkflow, _ context: CommandContext)
        throws -> JSONObject
    {
        let contact = try context.contacts.contact(entry.contact)
        let record = try entry.record.map(context.contacts.record)
        let result = try context.enroller.enroll(workflow, contact, record, source: source)
        if isBulk {
            return [
                "enrollment": .string(EnrollmentID.text(result.stored.enrollment.id)),
                "contact": .string(contact.publicID), "created": .bool(result.created),
            ]
        }
        var object: JSONObject = ["created": .bool(result.created)]
        for (name, value) in try EnrollmentView(context: context).json(result.stored).members {
            object[name] = value
        }
        return object
    }
}

private struct EnrollmentGet: Command {
    static let op = "enrollment.get"
    static let isWrite = false
    let enrollment: Int64

    init(_ args: inout ObjectReader) throws(FieldError) {
        enrollment = try args.enrollment("enrollment")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(try EnrollmentView(context: context).json(try context.enrollment(enrollment)))
    }
}

/// Lists enrollments, to see where everybody stands.
private struct EnrollmentList: Command {
    static let op = "enrollment.list"
    static let isWrite = false
    let contact: String?
    let workflow: String?
    let state: StateName?
    let page: PageRequest

    enum StateName: String, CaseIterable {
        case active, finished, exited, unenrolled

        var status: Enrollment.Status {
            switch self {
            case .active: .active
            case .finished: .finished
            case .exited: .exited
            case .unenrolled: .unenrolled
            }
        }
    }

    init(_ args: inout ObjectReader) throws(FieldError) {
        contact = try args.string("contact")
        workflow = try args.string("workflow")
        state = try args.choice("state")
        page = try PageRequest(&args, of: "enrollments")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let filter = EnrollmentFilter(
            contact: try contact.map { try context.contacts.contact($0, path: "args.contact").id },
            workflow: try workflow.map { try context.workflow($0).id }, status: state?.status)
        let found = try context.session.enrollments(
            filter, before: page.number(), limit: page.limit + 1)
        let view = EnrollmentView(context: context)
        return try page.page("enrollments", found, cursor: { PageRequest.cursor($0.enrollment.id) })
        {
            .object(try view.json($0))
        }
    }
}

/// Takes a contact out: nothing more leaves for the enrollment after the reply.
private struct EnrollmentDelete: Command {
    static let op = "enrollment.delete"
    let enrollment: Int64

    init(_ args: inout ObjectReader) throws(FieldError) {
        enrollment = try args.enrollment("enrollment")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.enrollment(enrollment)
        guard stored.enrollment.status == .active else {
            throw CommandError(
                .notActive, "This enrollment has ended already.",
                details: ["state": .string(stored.enrollment.status.name)])
        }
        let inFlight = stored.enrollment.phase == .sending
        let result = try context.runner.run(stored) { $0.unenroll() }
        var object = try EnrollmentView(context: context).json(result.stored)
        object["in_flight"] = .bool(inFlight)
        return .done(object)
    }
}

extension CommandContext {
    /// Enrollment number `id`.
    func enrollment(_ id: Int64) throws -> StoredEnrollment {
        guard let stored = try session.enrollment(id) else {
            throw CommandError(.notFound, "There is no such enrollment.", path: "args.enrollment")
        }
        return stored
    }
}

/// Shows where an enrollment stands, and why.
struct EnrollmentView {
    let context: CommandContext

    func json(_ stored: StoredEnrollment) throws -> JSONObject {
        let version = try context.catalog.version(stored.version, context.session)
        let enrollment = stored.enrollment
        var object: JSONObject = [
            "id": .string(EnrollmentID.text(enrollment.id)),
            "workflow": .string(version.workflowName),
            "version": .integer(Int64(version.stored.number)),
            "version_hash": .string(version.stored.hash),
            "contact": .string(try context.catalog.contactName(stored.contact, context.session)),
        ]
        if stored.record != 0 {
            object["record"] = try context.session.record(stored.record)?.reference
        }
        object["state"] = .string(enrollment.status.name)
        object["enrolled_at"] = .string(enrollment.enrolled.rfc3339)
        if let source = stored.source { object["source"] = try JSON(parsing: source) }
        object["ended_at"] = stored.ended.map { .string($0.rfc3339) }
        object["exit"] = enrollment.exit.map(JSON.string)
        if enrollment.status == .active { try addStanding(stored, version, &object) }
        object["path"] = .array(
            enrollment.trail.map { visit in
                [
                    "step": .string(version.timeline.nodes[visit.node].step.id),
                    "at": .string(reached(visit, enrollment).rfc3339),
                ]
            })
        return object
    }

    /// Programs up to 0.3.0 stored the planned moment, which may lie before the enrollment.
    private func reached(_ visit: Enrollment.Visit, _ enrollment: Enrollment) -> Instant {
        max(visit.at, enrollment.enrolled)
    }

    private func addStanding(
        _ stored: StoredEnrollment, _ version: Version, _ object: inout JSONObject
    ) throws {
        let enrollment = stored.enrollment
        guard enrollment.node < version.timeline.end else { return }
        object["step"] = .string(version.timeline.nodes[enrollment.node].step.id)
        let since = enrollment.trail.last.map { reached($0, enrollment) } ?? enrollment.enrolled
        object["since"] = .string(since.rfc3339)
        object["waits_for"] = .string(waitsFor(enrollment))
        if case .channel(let channel) = enrollment.lane { object["channel"] = .string(channel) }
        guard let due = enrollment.due, case .schedule = enrollment.lane else { return }
        object["next_at"] = .string(due.rfc3339)
        guard let contact = try context.session.contact(stored.contact),
            let zone = context.catalog.zone(of: try contact.parsedFields)
        else { return }
        object["next_at_local"] = .string(due.text(offsetSeconds: zone.offset(at: due)))
        object["time_zone"] = .string(zone.identifier)
    }

    private func waitsFor(_ enrollment: Enrollment) -> String {
        switch (enrollment.phase, enrollment.hold) {
        case (.delaying, _): "delay"
        case (.branching, _): "branch"
        case (.sending, _): "answer"
        case (.unknown, _): "resolution"
        case (_, let hold?): hold.code
        case (.held, nil): "channel"
        case (.arrived, nil): "turn"
        }
    }
}
