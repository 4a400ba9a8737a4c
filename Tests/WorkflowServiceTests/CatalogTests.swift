import JSONLines
import Testing
import WorkflowModel
import WorkflowService

/// What the service keeps in memory is what is committed: a number that was undone is given again, to another.
struct CatalogTests {
    private static let booked: JSON = [
        "name": "booked", "when": ["field": "contact.first_name", "equals": "paid"],
    ]
    private static let steps: JSON = [
        ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "hi"]]
    ]

    private static func contact(_ id: String) -> JSON {
        ["id": .string(id), "fields": ["first_name": "paid", "phone": "+12125550100"]]
    }

    /// Refused commands that come to know a contact which is new, and is not there afterwards.
    private static let refusals: [(name: String, lines: [JSON])] = [
        (
            "an enrollment",
            [
                [
                    "op": "enrollment.create",
                    "args": ["workflow": "test", "contact": contact("x")],
                ]
            ]
        ),
        (
            "one of many enrollments",
            [
                [
                    "op": "enrollment.create",
                    "args": [
                        "workflow": "test",
                        "contacts": [["contact": contact("x")], ["contact": contact("x2")]],
                    ],
                ]
            ]
        ),
        (
            "a batch that reads, with an error at its end",
            [
                ["batch": "atomic"],
                [
                    "op": "signal.send",
                    "args": ["name": "job.done", "contact": contact("x")],
                ],
                ["op": "events.read", "args": ["after": 0]],
                ["op": "contact.get", "args": ["id": "nobody"]],
            ]
        ),
        (
            "a batch that changes a workflow, with an error at its end",
            [
                ["batch": "atomic"],
                [
                    "op": "signal.send",
                    "args": ["name": "job.done", "contact": contact("x")],
                ],
                ["op": "workflow.pause", "args": ["workflow": "test"]],
                ["op": "contact.get", "args": ["id": "nobody"]],
            ]
        ),
    ]

    @Test(arguments: refusals.indices)
    func theFeedSaysWhoItWas(_ index: Int) throws {
        let harness = try ServiceHarness()
        try harness.setUp(CatalogTests.steps, exits: [CatalogTests.booked])
        let lines = CatalogTests.refusals[index].lines.map(\.text).joined(separator: "\n")
        _ = try harness.replies(harness.service.turn([harness.message(lines)]))
        #expect(harness.story("x").isEmpty, "\(CatalogTests.refusals[index].name)")
        try harness.call("contact.put", ["id": "y"])
        try harness.call("contact.delete", ["id": "y"])
        #expect(harness.story("y") == ["contact.deleted"])
        let published = harness.published.map(JSON.object)
        let read = try harness.call("events.read", ["after": 0])["events"]?.array
        #expect(read == published)
        try harness.crash()
        #expect(try harness.call("events.read", ["after": 0])["events"]?.array == published)
    }

    /// Where the store fails at the end of a turn, all that the turn learned is undone.
    @Test func aVersionThatWasUndoneIsNotKept() throws {
        let harness = try ServiceHarness()
        try harness.setUp(CatalogTests.steps)
        func create(_ name: String, _ text: String) -> JSON {
            let step: JSON = [
                "id": "hello", "kind": "message", "channel": "sms",
                "content": ["text": .string(text)],
            ]
            return [
                "op": "workflow.create",
                "args": [
                    "id": .string(name),
                    "definition": ["name": .string(name), "steps": [step]],
                ],
            ]
        }
        let batch: [JSON] = [
            ["batch": "atomic"], create("first", "of the first"),
            ["op": "workflow.activate", "args": ["workflow": "first"]],
            [
                "op": "enrollment.create",
                "args": ["workflow": "first", "contact": CatalogTests.contact("ann")],
            ],
            ["op": "contact.get", "args": ["id": "nobody"]],
        ]
        let text = batch.map(\.text).joined(separator: "\n")
        _ = try harness.replies(harness.service.turn([harness.message(text)]))
        #expect(harness.channels.received.isEmpty)
        try harness.exchange(create("second", "of the second").text)
        try harness.call("workflow.activate", ["workflow": "second"])
        try harness.enroll("bob", workflow: "second")
        #expect(
            harness.channels.received.map { $0.request["content"]?["text"] } == ["of the second"])
    }
}
