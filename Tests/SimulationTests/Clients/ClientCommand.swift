import JSONLines

/// A command of a client, with what it has to know to judge the service by the reply.
struct ClientCommand {
    /// What it does.
    enum Deed {
        case enroll(contact: String, fields: JSONObject)
        case signal(name: String, contact: String, record: String?)
        case unenroll(enrollment: String)
        case putContact(id: String, fields: JSONObject)
        case putRecord(id: String)
        case eraseContact(id: String)
        case putSettings(QuietTime?)
        case define(workflow: String, Definition)
        case setState(workflow: String, String)
        case resolve(enrollment: String, step: String, outcome: String)
        case read
    }

    let deed: Deed
    let op: String
    let args: JSONObject
    /// The idempotency key, by which it is repeated until it is answered.
    let key: String

    var line: String {
        var command: JSONObject = [
            "id": .string(key), "op": .string(op), "args": .object(args),
        ]
        if !isRead { command["key"] = .string(key) }
        return JSON.object(command).text
    }

    var isRead: Bool { if case .read = deed { true } else { false } }
}

/// Lines that are sent as one message.
struct ClientMessage {
    var commands: [ClientCommand]
    let isAtomic: Bool

    var text: String {
        let lines = commands.map(\.line)
        return ((isAtomic ? [#"{"batch":"atomic"}"#] : []) + lines).joined(separator: "\n")
    }
}

/// What the clients know of a workflow's definition.
struct Definition {
    /// The word that its texts begin with.
    let mark: String
    let json: JSON
    /// The messages that quiet hours do not hold.
    let ignoresQuiet: Set<String>
    /// The channels of each message, by its step's id.
    let channels: [String: [String]]
    /// Whether it has branches, which may be decided late.
    let branches: Bool

    init(mark: String, json: JSON) {
        self.mark = mark
        self.json = json
        let messages = Definition.steps(json["steps"]).filter { $0["kind"] == "message" }
        ignoresQuiet = Set(
            messages.filter { $0["quiet_hours"] == "ignore" }.compactMap { $0["id"]?.string })
        channels = Dictionary(
            uniqueKeysWithValues: messages.map { step in
                (
                    step["id"]?.string ?? "",
                    [step["channel"], step["fallback"]?["channel"]].compactMap { $0?.string }
                )
            })
        branches = Definition.steps(json["steps"]).contains { $0["kind"] == "branch" }
    }

    private static func steps(_ json: JSON?) -> [JSON] {
        (json?.array ?? []).flatMap { step in
            let lists =
                (step["paths"]?.array ?? []).map { $0["steps"] }
                + [step["otherwise"]?["steps"]]
            return [step] + lists.flatMap(steps)
        }
    }
}

/// The quiet hours of the settings, in whole hours.
struct QuietTime: Hashable {
    let start: Int
    let end: Int

    var json: JSON {
        ["start": .string(Self.text(start)), "end": .string(Self.text(end))]
    }

    private static func text(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

    /// Whether a clock that shows `minute` of the day is within them.
    func covers(minute: Int) -> Bool {
        let (start, end) = (start * 60, end * 60)
        return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }
}
