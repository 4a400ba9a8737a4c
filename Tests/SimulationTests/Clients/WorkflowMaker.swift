import JSONLines

/// Makes up workflows whose texts say which definition they belong to.
struct WorkflowMaker {
    let dice: Dice
    /// The word that every text of the definition begins with.
    let mark: String
    private var count = 0

    /// What a contact may do that branches ask for.
    static let signals = ["sms.replied", "link.clicked", "visit.scheduled"]
    /// What ends every workflow here at once.
    static let stop = "job.booked"
    /// What starts those that have a trigger.
    static let start = "lead.created"

    init(dice: Dice, mark: String) {
        self.dice = dice
        self.mark = mark
    }

    mutating func definition() -> JSON {
        var definition: JSONObject = [
            "name": .string(mark),
            "exits": [
                ["name": "stopped", "when": ["signal": .string(WorkflowMaker.stop)]],
                ["name": "paid", "when": ["field": "record.balance", "equals": 0]],
            ],
            "steps": .array(steps(2...7, depth: 0)),
        ]
        if dice.chance(40) {
            definition["entry"] = ["triggers": [["signal": .string(WorkflowMaker.start)]]]
        }
        return .object(definition)
    }

    private mutating func steps(_ count: ClosedRange<Int>, depth: Int) -> [JSON] {
        (0..<dice.number(count)).map { _ in step(depth) }
    }

    private mutating func step(_ depth: Int) -> JSON {
        count += 1
        let id = "s\(count)"
        switch dice.number(0...99) {
        case ..<50: return message(id)
        case ..<80: return delay(id)
        case ..<92 where depth < 2: return branch(id, depth)
        case ..<97: return ["id": .string(id), "kind": "flag", "flag": "seen"]
        default: return ["id": .string(id), "kind": "exit", "reason": "done"]
        }
    }

    private func message(_ id: String) -> JSON {
        let channel = dice.pick([
            "sms", "sms", "email", "email", "call_reminder", "chat", "chat", "desk",
        ])
        var step: JSONObject = [
            "id": .string(id), "kind": "message", "channel": .string(channel),
            "content": content(channel, id),
        ]
        if channel == "sms" || channel == "chat", dice.chance(40) {
            step["fallback"] = ["channel": "email", "content": content("email", id)]
        }
        if dice.chance(20) { step["quiet_hours"] = "ignore" }
        if dice.chance(25) { step["on_failure"] = "exit" }
        if dice.chance(50) {
            step["max_lateness"] = ["hours": .integer(dice.pick([1, 6, 72]))]
        }
        return .object(step)
    }

    private func content(_ channel: String, _ id: String) -> JSON {
        let text: JSON = .string("\(mark) \(id) {{ contact.note | default: 'x' }}")
        return switch channel {
        case "email": ["subject": text, "text": text]
        case "call_reminder": ["title": text]
        default: ["text": text]
        }
    }

    private func delay(_ id: String) -> JSON {
        var step: JSONObject = ["id": .string(id), "kind": "delay"]
        if dice.chance(25) {
            step["from"] = "record.starts_at"
            step["for"] = ["days": .integer(dice.pick([-5, -2, -1, 1]))]
        } else {
            step["for"] = dice.pick([
                ["minutes": 5], ["hours": 1], ["hours": 30], ["days": 1], ["days": 3],
            ])
        }
        if step["for"]?["days"] != nil, dice.chance(40) {
            step["at"] = dice.pick(["02:30", "10:00", "21:15"])
        }
        return .object(step)
    }

    private mutating func branch(_ id: String, _ depth: Int) -> JSON {
        let condition: JSON = dice.pick([
            ["signal": .string(dice.pick(WorkflowMaker.signals))],
            ["field": "contact.note", "equals": "b"],
            ["not": ["signal": .string(dice.pick(WorkflowMaker.signals))]],
        ])
        var step: JSONObject = [
            "id": .string(id), "kind": "branch",
            "paths": [
                [
                    "name": "yes", "when": condition,
                    "steps": .array(steps(0...2, depth: depth + 1)),
                ]
            ],
            "otherwise": ["steps": .array(steps(0...2, depth: depth + 1))],
        ]
        if dice.chance(60) { step["within"] = ["hours": .integer(dice.pick([2, 20, 60]))] }
        return .object(step)
    }
}
