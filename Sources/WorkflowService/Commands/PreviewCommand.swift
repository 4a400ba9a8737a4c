import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// What would happen? Nothing is sent and nothing is stored.
struct WorkflowPreview: Command {
    static let op = "workflow.preview"
    static let isWrite = false
    let workflow: String?
    let definition: WorkflowDefinition?
    let contact: JSONObject?
    let contactID: String?
    let record: JSONObject?
    let recordReference: ContactBook.RecordReference?
    /// The type of the record, be it that it has no id.
    let recordType: String?
    let start: Instant?
    let signals: [Signal]?

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.string("workflow")
        if let json = args.value("definition") {
            definition = try WorkflowDefinition(json: json, at: args.path(of: "definition"))
        } else {
            definition = nil
        }
        guard (workflow == nil) != (definition == nil) else {
            throw FieldError(
                workflow == nil ? .missing : .invalid, at: args.path(of: "workflow"),
                "A preview is of either a workflow or a definition.")
        }
        if args.value("contact")?.object?["id"] == nil, let members = args.value("contact")?.object
        {
            (contactID, contact) = (nil, members["fields"]?.object ?? members)
        } else if args.value("contact") != nil {
            let reference = try args.contact("contact")
            (contactID, contact) = (reference.id, reference.fields)
        } else {
            (contactID, contact) = (nil, nil)
        }
        if args.value("record")?.object?["id"] == nil, let members = args.value("record")?.object {
            (recordReference, record) = (nil, members["fields"]?.object ?? members)
            recordType = members["fields"] == nil ? nil : members["type"]?.string
        } else {
            recordReference = try args.record("record")
            record = recordReference?.fields
            recordType = recordReference?.type
        }
        start = try args.instant("at")
        signals =
            args.value("signals") == nil
            ? nil : try args.elements("signals", atMost: 100, Self.signal)
    }

    private static func signal(_ json: JSON, at path: String) throws(FieldError) -> Signal {
        var reader = try ObjectReader(json, at: path)
        let name = try reader.signalName("name")
        guard let at = try reader.instant("at") else {
            throw FieldError(.missing, at: reader.path(of: "at"), "This field is required.")
        }
        let data = try reader.members("data") ?? [:]
        try reader.finish()
        return Signal(number: 1, name: name, at: at, data: data)
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let timeline = try timeline(context)
        let facts = try facts(context)
        let start = start ?? context.turn.now
        let steps = Preview.steps(of: timeline, facts: facts, start: start, signals: signals)
        let view = PreviewView(zone: facts.zone)
        var result: JSONObject = [
            "steps": .array(steps.map(view.json)), "time_zone": .string(facts.zone.identifier),
            "truncated": .bool(Preview.isFull(steps)),
        ]
        result["refused"] = try refusal(timeline, facts, start, context)?.json
        try DefinitionWarnings(context: context).add(to: &result, of: timeline.definition)
        return .done(result)
    }

    /// Why the contact would not be enrolled, as enrolling says it.
    private func refusal(
        _ timeline: Timeline, _ facts: Facts, _ start: Instant, _ context: CommandContext
    ) throws -> CommandError? {
        let known = try contactID.flatMap { try context.session.contact(named: $0) }
        do {
            if let contact {
                let stored = try known?.parsedFields ?? [:]
                try ContactFields.check(contact, against: stored, path: "args.contact")
            }
            if let known, let workflow {
                try context.enroller.checkReentry(
                    timeline.definition.reentry, try latest(of: known, workflow, context), at: start
                )
            }
            try context.enroller.checkRecord(
                timeline.definition.entry,
                type: recordType ?? timeline.definition.entry.record)
        } catch let error as CommandError {
            return error
        }
        var check = EnrollmentCheck(
            timeline: timeline, enrollment: Enrollment(id: 1, enrolled: start, signalFloor: .max),
            facts: facts, now: start)
        guard let refusal = check.refusal() else { return nil }
        var error = CommandError(refusal)
        if refusal == .nothingToSend { error.hint = nil }
        return error
    }

    /// The last time that `contact` was in the workflow, for the same record.
    private func latest(
        of contact: StoredContact, _ workflow: String, _ context: CommandContext
    ) throws -> StoredEnrollment? {
        var record: Int64 = 0
        if let reference = recordReference {
            guard let known = try context.session.record(type: reference.type, named: reference.id)
            else { return nil }
            record = known.id
        }
        let latest = try context.session.latestEnrollment(
            workflow: try context.workflow(workflow).id, contact: contact.id, record: record)
        return latest?.enrollment.status == .active ? nil : latest
    }

    private func timeline(_ context: CommandContext) throws -> Timeline {
        if let definition { return Timeline(definition) }
        let stored = try context.workflow(workflow ?? "")
        return try context.catalog.version(stored.version, context.session).timeline
    }

    private func facts(_ context: CommandContext) throws -> Facts {
        let known = try contactID.flatMap { try context.session.contact(named: $0) }
        if contact == nil, contactID != nil, known?.erased ?? true {
            throw CommandError(
                .notFound, "There is no such contact.",
                hint: "Send its fields along for a preview.",
                path: "args.contact")
        }
        let stored = try known?.parsedFields
        let fields = contact.map { (stored ?? [:]).merging($0) } ?? stored ?? Self.sample
        guard let zone = context.catalog.zone(of: fields) else {
            throw CommandError(
                .timeZoneMissing, "Neither the contact nor the business has a time zone.",
                hint: "Set time_zone with settings.put, or give the contact one.")
        }
        let channels = context.turn.channels.facts.mapValues {
            ChannelFacts(readiness: .open, audience: $0.audience)
        }
        return Facts(
            contactID: contactID ?? "sample", contact: fields, record: try recordFields(context),
            settings: context.catalog.settings, suppression: known?.suppression ?? Suppression(),
            channels: channels, zone: zone, businessZone: context.catalog.businessZone ?? zone)
    }

    private func recordFields(_ context: CommandContext) throws -> JSONObject? {
        guard let reference = recordReference else { return record }
        let known = try context.session.record(type: reference.type, named: reference.id)
        let stored = try known.flatMap { $0.erased ? nil : try $0.parsedFields }
        guard stored != nil || record != nil else {
            throw CommandError(.notFound, "There is no such record.", path: "args.record")
        }
        return (stored ?? [:]).merging(record ?? [:])
    }

    /// Stands in where the client names no contact.
    private static let sample: JSONObject = [
        "first_name": "Alex", "last_name": "Morgan", "full_name": "Alex Morgan",
        "phone": "+15550100000",
        "email": "alex@example.com",
    ]
}

/// Shows previews in replies.
private struct PreviewView {
    let zone: ZoneCalendar

    func json(_ step: PreviewStep) -> JSON {
        var object: JSONObject = [
            "step": .string(step.step), "kind": .string(step.kind), "at": .string(step.at.rfc3339),
            "local": .string(step.at.text(offsetSeconds: zone.offset(at: step.at))),
        ]
        if !step.paths.isEmpty {
            object["paths"] = .array(
                step.paths.map { ["branch": .string($0.branch), "path": .string($0.path)] })
        }
        if step.planned != step.at { object["planned"] = .string(step.planned.rfc3339) }
        add(step.outcome, to: &object)
        return .object(object)
    }

    private func add(_ outcome: PreviewStep.Outcome, to object: inout JSONObject) {
        switch outcome {
        case .sent(let intent, let heldFor):
            object["outcome"] = "sent"
            object["channel"] = .string(intent.channel)
            object["moved_by"] = heldFor.map { .string($0.code) }
            var content = JSONObject()
            for text in intent.content { content[text.name] = .string(text.text) }
            object["content"] = .object(content)
            object["defaults_used"] = .array(intent.defaultsUsed.map(JSON.string))
            if intent.channel == "sms", let text = content["text"]?.string {
                object["segments"] = SMSSegments(text).json
            }
        case .skipped(let reason, let detail):
            object["outcome"] = "skipped"
            object["reason"] = .string(reason.rawValue)
            object["detail"] = detail.map(JSON.string)
            object["explanation"] = .string(reason.explanation)
        case .waits(let reason):
            object["outcome"] = "held"
            object["reason"] = .string(reason.code)
        case .passed(let passage): add(passage, to: &object)
        }
    }

    private func add(_ passage: Passage, to object: inout JSONObject) {
        object["outcome"] = "executed"
        switch passage {
        case .delay: break
        case .branch(let path): object["path"] = .string(path)
        case .flag(let name, _): object["flag"] = .string(name)
        case .exit(let reason): object["reason"] = reason.map(JSON.string)
        }
    }
}

extension SMSSegments {
    fileprivate var json: JSON {
        [
            "encoding": .string(encoding.rawValue), "characters": .integer(Int64(characters)),
            "segments": .integer(Int64(segments)),
        ]
    }
}
