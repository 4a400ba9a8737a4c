import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands by which siblings tell facts: signals, contacts, records, settings.
enum FactCommands {
    static let all: [any Command.Type] = [
        SignalSend.self, ContactPut.self, ContactGet.self, ContactList.self, ContactDelete.self,
        RecordPut.self, RecordGet.self, RecordList.self, RecordDelete.self, SettingsGet.self,
        SettingsPut.self,
    ]
}

private struct SignalSend: Command {
    static let op = "signal.send"
    let name: String
    let contact: ContactBook.ContactReference
    let record: ContactBook.RecordReference?
    let data: JSONObject
    let occurredAt: Instant?
    let id: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        name = try args.signalName("name")
        contact = try args.contact("contact")
        record = try args.record("record")
        data = try args.members("data") ?? [:]
        occurredAt = try args.instant("occurred_at")
        id = try args.text("signal_id", DefinitionLimits.name)
        guard JSON.object(data).bytes.count <= ProtocolLimits.fieldBytes else {
            throw args.invalid(
                "data", "It is longer than \(ProtocolLimits.fieldBytes) bytes.",
                hint: "Keep long texts elsewhere, and send where they are.")
        }
        if name.hasPrefix("message.") {
            throw args.invalid(
                "name", "Signals of the family message are raised by the service itself.")
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        // One that is repeated puts no facts either: they may be old by now.
        if let id, try context.session.knowsSignal(id, from: .client) {
            return .done(["enrolled": [], "branched": 0, "exited": 0, "duplicate": true])
        }
        let contact = try context.contacts.contact(contact)
        try checkChannel(of: contact, in: context)
        let record = try record.map(context.contacts.record)
        let signal = SignalIntake.Incoming(
            name: name, data: data, occurredAt: occurredAt, id: id)
        let effect = try SignalIntake(turn: context.turn, runner: context.runner)
            .take(signal, contact: contact, record: record)
        context.batch?.pinVersions()
        var result: JSONObject = [
            "enrolled": .array(effect.enrolled.map { .string(EnrollmentID.text($0)) }),
            "branched": .integer(Int64(effect.branched)), "exited": .integer(Int64(effect.exited)),
            "duplicate": .bool(effect.duplicate),
        ]
        if !effect.refused.isEmpty {
            result["refused"] = .array(
                effect.refused.map {
                    ["workflow": .string($0.workflow), "code": .string($0.code.rawValue)]
                })
        }
        return .done(result)
    }

    /// A stored opt-out of a channel that is gone can be taken back.
    private func checkChannel(of contact: StoredContact, in context: CommandContext) throws {
        switch name {
        case SignalIntake.unsubscribed: try context.channelNames.check(data: data)
        case SignalIntake.resubscribed:
            try context.channelNames.checkMembers(of: data)
            try context.channelNames.check(data: data, or: contact.suppression.channels)
        default: return
        }
    }
}

// MARK: Contacts

private struct ContactPut: Command {
    static let op = "contact.put"
    let id: String
    let fields: JSONObject

    init(_ args: inout ObjectReader) throws(FieldError) {
        id = try args.publicID("id")
        fields = try args.members("fields") ?? [:]
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let (contact, created) = try context.contacts.put(contact: id, fields, path: "args")
        return .done(try contact.json().merging(["created": .bool(created)]))
    }

    func told(in context: CommandContext) throws -> ReplySubject? {
        try context.session.contact(named: id).map { .contact($0.id) }
    }

    func repeated(_ kept: JSON, in context: CommandContext) throws -> JSON {
        try context.session.contact(named: id)?.erased == true ? kept.withoutFields : kept
    }
}

private struct ContactGet: Command {
    static let op = "contact.get"
    static let isWrite = false
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) { id = try args.publicID("id") }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(try context.contacts.contact(id, path: "args.id").json())
    }
}

private struct ContactList: Command {
    static let op = "contact.list"
    static let isWrite = false
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        page = try PageRequest(&args, of: "contacts")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let contacts = try context.session.contacts(
            after: page.number() ?? 0, limit: page.limit + 1)
        return try page.page("contacts", contacts, cursor: { PageRequest.cursor($0.id) }) {
            .object(try $0.json())
        }
    }
}

/// Erases a contact: takes it out everywhere, removes its fields, and redacts its history.
private struct ContactDelete: Command {
    static let op = "contact.delete"
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) { id = try args.publicID("id") }

    func run(in context: CommandContext) throws -> CommandResult {
        let contact = try context.contacts.contact(id, path: "args.id")
        let unenrolled = try context.contacts.unenrollAll(of: contact.id)
        let redacted = try HistoryRedaction(turn: context.turn).redact(contact: contact.id)
        var tombstone = try context.session.contact(contact.id) ?? contact
        tombstone.fields = "{}"
        tombstone.erased = true
        try context.session.update(tombstone)
        try context.session.deleteSignals(contact: contact.id)
        try context.session.eraseRequests(contact: contact.id)
        try context.session.eraseReplies(telling: .contact(contact.id))
        var subject = EventSubject()
        subject.contact = contact.id
        try context.turn.record("contact.deleted", about: subject, [:])
        return .done([
            "deleted": true, "unenrolled": .integer(Int64(unenrolled)),
            "redacted": .integer(Int64(redacted)),
        ])
    }
}

extension JSON {
    /// The result without what was erased.
    ///
    /// Programs up to 0.3.0 kept results that an erasure did not find.
    fileprivate var withoutFields: JSON {
        .object((object ?? [:]).merging(["fields": [:]]))
    }
}

extension StoredContact {
    fileprivate func json() throws -> JSONObject {
        var object: JSONObject = ["id": .string(publicID), "fields": .object(try parsedFields)]
        if !suppression.isEmpty {
            object["suppressed"] =
                suppression.all ? true : .array(suppression.channels.sorted().map(JSON.string))
        }
        return object
    }
}

// MARK: Records

private struct RecordPut: Command {
    static let op = "record.put"
    let type: String
    let id: String
    let fields: JSONObject

    init(_ args: inout ObjectReader) throws(FieldError) {
        type = try args.identifier("type")
        id = try args.publicID("id")
        fields = try args.members("fields") ?? [:]
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let (record, created) = try context.contacts.put(
            record: type, id, fields, path: "args")
        return .done(try record.json().merging(["created": .bool(created)]))
    }

    func told(in context: CommandContext) throws -> ReplySubject? {
        try context.session.record(type: type, named: id).map { .record($0.id) }
    }

    func repeated(_ kept: JSON, in context: CommandContext) throws -> JSON {
        let record = try context.session.record(type: type, named: id)
        return record?.erased == true ? kept.withoutFields : kept
    }
}

private struct RecordGet: Command {
    static let op = "record.get"
    static let isWrite = false
    let type: String
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        type = try args.identifier("type")
        id = try args.publicID("id")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(
            try context.contacts.record(.init(type: type, id: id, fields: nil, path: "args.id"))
                .json())
    }
}

private struct RecordList: Command {
    static let op = "record.list"
    static let isWrite = false
    let type: String?
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        type = try args.optionalIdentifier("type")
        page = try PageRequest(&args, of: "records")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let records = try context.session.records(
            type: type, after: page.number() ?? 0, limit: page.limit + 1)
        return try page.page("records", records, cursor: { PageRequest.cursor($0.id) }) {
            .object(try $0.json())
        }
    }
}

private struct RecordDelete: Command {
    static let op = "record.delete"
    let type: String
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        type = try args.identifier("type")
        id = try args.publicID("id")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        var record = try context.contacts.record(
            .init(type: type, id: id, fields: nil, path: "args.id"))
        let inside = try context.session.activeEnrollments(record: record.id).count
        guard inside == 0 else {
            throw CommandError(
                .inUse, "Contacts are still enrolled for this record.",
                hint: "End their enrollments first, by a signal or by enrollment.delete.",
                details: ["inside": .integer(Int64(inside))])
        }
        record.fields = "{}"
        record.erased = true
        try context.session.update(record)
        try context.session.eraseReplies(telling: .record(record.id))
        return .done(["deleted": true])
    }
}

extension StoredRecord {
    fileprivate func json() throws -> JSONObject {
        ["type": .string(type), "id": .string(publicID), "fields": .object(try parsedFields)]
    }
}

// MARK: Settings

private struct SettingsGet: Command {
    static let op = "settings.get"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        .done(context.catalog.settingsJSON)
    }
}

/// Merges settings, member by member at the top; what waits is planned anew where times change.
private struct SettingsPut: Command {
    static let op = "settings.put"
    let changes: JSONObject

    init(_ args: inout ObjectReader) throws(FieldError) {
        var changes = JSONObject()
        for name in ["business", "time_zone", "notifications", "senders", "links"]
        where args.contains(name) {
            changes[name] = args.value(name) ?? .null
        }
        _ = try Settings(json: .object(changes), at: args.path)
        self.changes = changes
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let before = context.catalog.settings
        do throws(FieldError) {
            try Settings.check(changes, stored: context.catalog.settingsJSON, at: "args")
        } catch {
            throw CommandError(error)
        }
        let merged = context.catalog.settingsJSON.merging(changes)
        guard JSON.object(merged).bytes.count <= ProtocolLimits.fieldBytes else {
            throw CommandError(
                .tooLarge, "The settings would be longer than \(ProtocolLimits.fieldBytes) bytes.",
                hint: "Remove fields that are not used.", path: "args")
        }
        let settings = try Settings(json: .object(merged), at: "args")
        try context.channelNames.check(settings, against: before)
        if settings.timeZone == nil, before.timeZone != nil,
            context.catalog.workflows.values.contains(where: { $0.state != .draft })
        {
            throw CommandError(
                .timeZoneMissing, "Workflows in use need the business's time zone.",
                path: "args.time_zone")
        }
        try context.catalog.put(settings: merged, settings, context.session)
        if settings != before {
            try context.turn.record("settings.updated", [:])
            if settings.movesTimes(of: before) {
                try context.session.wakeScheduled(at: context.turn.now)
            }
        }
        return .done(merged)
    }
}

extension Settings {
    fileprivate func movesTimes(of before: Settings) -> Bool {
        timeZone != before.timeZone || quietHours != before.quietHours
            || quietHoursByChannel != before.quietHoursByChannel
    }
}
