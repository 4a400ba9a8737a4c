import JSONLines
import Testing
import WorkflowModel

/// The bounds of what an author may write.
struct DefinitionLimitTests {
    private static func repeated(_ json: JSON, _ count: Int) -> JSON {
        .array(Array(repeating: json, count: count))
    }

    private static func nested(_ depth: Int) -> JSON {
        guard depth > 0 else { return ["kind": "exit"] }
        return [
            "kind": "branch",
            "paths": [["name": "p", "when": ["signal": "a.b"], "steps": [nested(depth - 1)]]],
        ]
    }

    private static func named(_ count: Int) -> JSON {
        .array((0..<count).map { ["name": .string("e\($0)"), "when": ["signal": "a.b"]] })
    }

    private static let text = String(repeating: "x", count: DefinitionLimits.text)

    /// Something at its limit, and one more.
    private static let limits: [(name: String, JSON, JSON)] = [
        (
            "name", ["name": .string(String(text.prefix(200)))],
            ["name": .string(String(text.prefix(201)))]
        ),
        (
            "description", ["name": "n", "description": .string(String(text.prefix(4_000)))],
            ["name": "n", "description": .string(String(text.prefix(4_001)))]
        ),
        ("exits", ["name": "n", "exits": named(50)], ["name": "n", "exits": named(51)]),
        (
            "triggers", ["name": "n", "entry": ["triggers": repeated(["signal": "a.b"], 50)]],
            ["name": "n", "entry": ["triggers": repeated(["signal": "a.b"], 51)]]
        ),
        (
            "steps", ["name": "n", "steps": repeated(["kind": "exit"], 500)],
            ["name": "n", "steps": repeated(["kind": "exit"], 501)]
        ),
        (
            "steps in branches",
            [
                "name": "n",
                "steps": .array([nested(1)] + Array(repeating: ["kind": "exit"], count: 498)),
            ],
            [
                "name": "n",
                "steps": .array([nested(1)] + Array(repeating: ["kind": "exit"], count: 499)),
            ]
        ),
        (
            "paths", ["name": "n", "steps": [["kind": "branch", "paths": named(20)]]],
            ["name": "n", "steps": [["kind": "branch", "paths": named(21)]]]
        ),
        ("depth", ["name": "n", "steps": [nested(8)]], ["name": "n", "steps": [nested(9)]]),
        (
            "text",
            [
                "name": "n",
                "steps": [
                    ["kind": "message", "channel": "sms", "content": ["text": .string(text)]]
                ],
            ],
            [
                "name": "n",
                "steps": [
                    ["kind": "message", "channel": "sms", "content": ["text": .string(text + "x")]]
                ],
            ]
        ),
        (
            "parts of a condition",
            [
                "name": "n",
                "exits": [["name": "e", "when": ["all": repeated(["signal": "a.b"], 50)]]],
            ],
            [
                "name": "n",
                "exits": [["name": "e", "when": ["all": repeated(["signal": "a.b"], 51)]]],
            ]
        ),
    ]

    @Test(arguments: limits.indices) func aLimitIsTheLastThatIsAccepted(_ index: Int) throws {
        let (name, atLimit, beyond) = DefinitionLimitTests.limits[index]
        #expect(throws: Never.self, "\(name)") { try WorkflowDefinition(json: atLimit, at: "") }
        #expect(throws: FieldError.self, "\(name)") { try WorkflowDefinition(json: beyond, at: "") }
    }
}
