import JSONLines
import SeededNumbers
import WorkflowModel

/// Makes up workflows.
struct RandomDefinition {
    var numbers: SeededNumbers
    private var count = 0

    /// The signals that its conditions ask for.
    static let signals = ["a.b", "c.d", "message.sent", "message.failed", "message.delivered"]

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func definition() -> JSON {
        var exits: [JSON] = []
        if numbers.chance(50) { exits.append(exit("signal", when: ["signal": "job.booked"])) }
        if numbers.chance(30) {
            exits.append(exit("field", when: ["field": "record.balance", "equals": 0]))
        }
        return ["name": "random", "exits": .array(exits), "steps": .array(steps(depth: 0))]
    }

    private mutating func steps(depth: Int) -> [JSON] {
        (0..<Int.random(in: 0...(depth == 0 ? 8 : 3), using: &numbers)).map { _ in
            step(depth: depth)
        }
    }

    private mutating func step(depth: Int) -> JSON {
        count += 1
        let id = "s\(count)"
        switch Int.random(in: 0..<100, using: &numbers) {
        case ..<45: return randomMessage(id)
        case ..<75: return randomDelay()
        case ..<90 where depth < 3: return randomBranch(id, depth)
        case ..<98: return flag("flag-\(count)")
        default: return ["kind": "exit"]
        }
    }

    private mutating func randomMessage(_ id: String) -> JSON {
        var more: JSONObject = [:]
        if numbers.chance(30) { more["quiet_hours"] = "ignore" }
        if numbers.chance(30) { more["on_failure"] = "exit" }
        if numbers.chance(40) {
            more["max_lateness"] = ["hours": .integer(numbers.pick([0, 1, 48, 400]))]
        }
        let text = numbers.pick(["Hi", "{{ record.note }}", "{{ record.note | default: 'x' }}"])
        return message(
            id, numbers.pick(["sms", "email", "call_reminder", "fax"]),
            fallback: numbers.pick([nil, nil, "email", "sms"]), text: text, more)
    }

    private mutating func randomDelay() -> JSON {
        var fields: JSONObject = [:]
        let from = numbers.pick([nil, nil, "enrolled", "record.starts_at", "record.due"])
        fields["from"] = from.map(JSON.string)
        let lowest: Int64 = from == nil ? 0 : -6
        fields["for"] = numbers.pick([
            ["days": .integer(Int64.random(in: lowest...6, using: &numbers))],
            ["hours": .integer(Int64.random(in: lowest...30, using: &numbers))], ["minutes": 0],
        ])
        if numbers.chance(30) { fields["at"] = numbers.pick(["02:30", "10:00", "23:45"]) }
        if numbers.chance(15) { fields["on"] = ["mon", "thu"] }
        return delay(fields)
    }

    private mutating func randomBranch(_ id: String, _ depth: Int) -> JSON {
        let paths = (0..<Int.random(in: 1...3, using: &numbers)).map { index -> JSON in
            [
                "name": .string("p\(index)"), "when": condition(),
                "steps": .array(steps(depth: depth + 1)),
            ]
        }
        let within: JSON? =
            numbers.chance(60) ? ["hours": .integer(numbers.pick([0, 5, 72]))] : nil
        var fields: JSONObject = [
            "id": .string(id), "kind": "branch", "paths": .array(paths),
            "otherwise": ["steps": .array(steps(depth: depth + 1))],
        ]
        fields["within"] = within
        return .object(fields)
    }

    private mutating func condition() -> JSON {
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0: return ["field": "record.balance", "greater_than": 5]
        case 1: return ["not": ["signal": .string(numbers.pick(RandomDefinition.signals))]]
        case 2: return ["all": [["signal": "a.b"], ["signal": "c.d"]]]
        default: return ["signal": .string(numbers.pick(RandomDefinition.signals))]
        }
    }
}
