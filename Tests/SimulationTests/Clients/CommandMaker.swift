import JSONLines
import WorkflowModel

/// Makes up what the clients ask for.
struct CommandMaker {
    let dice: Dice
    private var keys = 0
    private var definitions = 0
    private var signals = 0
    private var strangers = 0

    static let workflows = ["w1", "w2"]
    static let contacts = (1...6).map { "c\($0)" }
    static let zones = [
        "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe",
    ]

    init(dice: Dice) { self.dice = dice }

    // MARK: The beginning

    /// What has to be there before anything can happen.
    mutating func setUp() -> [ClientCommand] {
        var commands = [putSettings(QuietTime(start: 20, end: 9))]
        for workflow in CommandMaker.workflows {
            let definition = newDefinition()
            commands.append(
                command(
                    .define(workflow: workflow, definition), "workflow.create",
                    ["id": .string(workflow), "definition": definition.json]))
            commands.append(setState(workflow, "active"))
        }
        for contact in CommandMaker.contacts {
            commands.append(putContact(contact, everything(contact)))
        }
        for record in CommandMaker.contacts { commands.append(putRecord(of: record, at: start)) }
        return commands
    }

    /// The day that records are about at first.
    private var start: Instant { Instant(milliseconds: 1_772_900_000_000) }

    // MARK: Any of them

    mutating func any(_ knowledge: Knowledge, at now: Instant) -> ClientCommand {
        let contact = dice.chance(10) ? stranger() : dice.pick(CommandMaker.contacts)
        let workflow = dice.pick(CommandMaker.workflows)
        switch dice.number(0...99) {
        case ..<34: return enroll(workflow, contact)
        case ..<52: return signal(dice.pick(WorkflowMaker.signals), contact)
        case ..<56: return signal(WorkflowMaker.start, contact)
        case ..<61: return signal(WorkflowMaker.stop, contact)
        case ..<67: return change(suppressionOf: contact)
        case ..<71: return unenroll(knowledge) ?? enroll(workflow, contact)
        case ..<78: return putContact(contact, something())
        case ..<83: return putRecord(of: contact, at: now)
        case ..<86:
            return putSettings(
                dice.pick([nil, QuietTime(start: 20, end: 9), .init(start: 12, end: 14)]))
        case ..<90: return define(workflow)
        case ..<94:
            return setState(workflow, dice.pick(["active", "active", "paused", "halted"]))
        case ..<95: return erase(contact)
        default: return resolve(knowledge) ?? read(workflow)
        }
    }

    /// Somebody whom nobody has met, or the last of those: a command about them may be refused, and then they
    /// are as new as before.
    private mutating func stranger() -> String {
        if strangers == 0 || dice.chance(50) { strangers += 1 }
        return "s\(strangers)"
    }

    private mutating func command(_ deed: ClientCommand.Deed, _ op: String, _ args: JSONObject)
        -> ClientCommand
    {
        keys += 1
        return ClientCommand(deed: deed, op: op, args: args, key: "k\(keys)")
    }

    mutating func read(_ workflow: String) -> ClientCommand {
        command(.read, "workflow.stats", ["workflow": .string(workflow)])
    }

    private mutating func enroll(_ workflow: String, _ contact: String) -> ClientCommand {
        // After it was erased the contact comes back with its fields.
        let fields = everything(contact)
        var args: JSONObject = [
            "workflow": .string(workflow),
            "contact": ["id": .string(contact), "fields": .object(fields)],
        ]
        if dice.chance(60) { args["record"] = ["type": "job", "id": .string(contact)] }
        if contact.hasPrefix("s") { args["record"] = nil }
        return command(.enroll(contact: contact, fields: fields), "enrollment.create", args)
    }

    private mutating func unenroll(_ knowledge: Knowledge) -> ClientCommand? {
        guard let id = knowledge.inside.sorted().randomOne(dice) else { return nil }
        return command(
            .unenroll(enrollment: id), "enrollment.delete", ["enrollment": .string(id)])
    }

    private mutating func resolve(_ knowledge: Knowledge) -> ClientCommand? {
        guard let message = knowledge.inDoubt.sorted().randomOne(dice) else { return nil }
        return resolve(message, dice.pick(["sent", "failed", "resend"]))
    }

    mutating func resolve(_ message: Knowledge.Message, _ outcome: String) -> ClientCommand {
        let (enrollment, step) = (message.enrollment, message.step)
        return command(
            .resolve(enrollment: enrollment, step: step, outcome: outcome), "execution.resolve",
            [
                "enrollment": .string(enrollment), "step": .string(step),
                "outcome": .string(outcome),
            ])
    }

    // MARK: Signals

    private mutating func signal(_ name: String, _ contact: String, _ data: JSONObject = [:])
        -> ClientCommand
    {
        signals += 1
        let record = dice.chance(30) ? contact : nil
        var args: JSONObject = [
            "name": .string(name), "contact": .string(contact),
            "signal_id": .string("signal-\(signals)"),
        ]
        args["record"] = record.map { ["type": "job", "id": .string($0)] }
        if !data.isEmpty { args["data"] = .object(data) }
        return command(
            .signal(name: name, contact: contact, record: record), "signal.send", args)
    }

    private mutating func change(suppressionOf contact: String) -> ClientCommand {
        let channel: JSON? = dice.pick([nil, "sms", "email", "chat", "desk"])
        var data: JSONObject = [:]
        data["channel"] = channel
        let name = dice.pick(["contact.unsubscribed", "contact.resubscribed"])
        return signal(name, contact, data)
    }

    // MARK: Facts

    private func everything(_ contact: String) -> JSONObject {
        [
            "first_name": .string(contact), "phone": .string("+1555000" + contact.dropFirst()),
            "email": .string("\(contact)@example.com"), "chat_id": .string(contact),
        ]
    }

    private func something() -> JSONObject {
        dice.pick([
            ["note": .string(dice.pick(["a", "b"]))],
            ["time_zone": .string(dice.pick(CommandMaker.zones))], ["phone": nil],
            ["phone": "+15550009"], ["email": nil], ["chat_id": nil],
        ])
    }

    private mutating func putContact(_ id: String, _ fields: JSONObject) -> ClientCommand {
        command(
            .putContact(id: id, fields: fields), "contact.put",
            ["id": .string(id), "fields": .object(fields)])
    }

    private mutating func putRecord(of contact: String, at now: Instant) -> ClientCommand {
        let starts = now + .hours(dice.number(-48...240))
        let balance: JSON = .integer(dice.chance(10) ? 0 : 100)
        return command(
            .putRecord(id: contact), "record.put",
            [
                "type": "job", "id": .string(contact),
                "fields": ["starts_at": .string(starts.rfc3339), "balance": balance],
            ])
    }

    mutating func erase(_ contact: String) -> ClientCommand {
        command(.eraseContact(id: contact), "contact.delete", ["id": .string(contact)])
    }

    mutating func putSettings(_ quiet: QuietTime?) -> ClientCommand {
        command(
            .putSettings(quiet), "settings.put",
            [
                "time_zone": "America/New_York",
                "notifications": ["quiet_hours": quiet?.json ?? .null],
            ])
    }

    // MARK: Workflows

    private mutating func newDefinition() -> Definition {
        definitions += 1
        let mark = "d\(definitions)"
        var maker = WorkflowMaker(dice: dice, mark: mark)
        return Definition(mark: mark, json: maker.definition())
    }

    private mutating func define(_ workflow: String) -> ClientCommand {
        let definition = newDefinition()
        return command(
            .define(workflow: workflow, definition), "workflow.update",
            ["workflow": .string(workflow), "definition": definition.json])
    }

    mutating func setState(_ workflow: String, _ state: String) -> ClientCommand {
        let ops = ["active": "activate", "paused": "pause", "halted": "halt"]
        return command(
            .setState(workflow: workflow, state), "workflow.\(ops[state] ?? state)",
            ["workflow": .string(workflow)])
    }
}

extension Array {
    /// One of them, or nil where there is none.
    func randomOne(_ dice: Dice) -> Element? { isEmpty ? nil : dice.pick(self) }
}
