import JSONLines
import Testing
import WorkflowService

/// A misspelled field is told of when it is saved, and keeps a workflow from being activated by mistake.
struct FieldWarningTests {
    private func harness() throws -> ServiceHarness {
        let harness = try ServiceHarness()
        try harness.call(
            "settings.put", ["time_zone": "UTC", "business": ["name": "Evergreen"]])
        return harness
    }

    private func definition(_ text: String, record: JSON = nil) -> JSON {
        [
            "name": "w", "entry": ["record": record],
            "steps": [
                [
                    "id": "hello", "kind": "message", "channel": "sms",
                    "content": ["text": .string(text)],
                ]
            ],
        ]
    }

    private func codes(_ result: JSON) -> [String] {
        (result["warnings"]?.array ?? []).compactMap { $0["code"]?.string }
    }

    @Test func everyReplyThatShowsADefinitionWarnsOfIt() throws {
        let harness = try harness()
        let misspelled = definition("Hi {{ contact.first_nam }}")
        let created = try harness.call("workflow.create", ["id": "w", "definition": misspelled])
        #expect(
            created["warnings"] == [
                [
                    "code": "field_misspelled", "path": "definition.steps[0].content.text",
                    "field": "contact.first_nam", "nearest": "contact.first_name",
                    "message": "No contact has the field contact.first_nam.",
                    "hint": "Did you mean \"contact.first_name\"?",
                ]
            ])
        let others: [(String, JSON)] = [
            ("workflow.get", ["workflow": "w"]),
            ("workflow.update", ["workflow": "w", "changes": ["description": "x"]]),
            ("workflow.duplicate", ["workflow": "w", "id": "v"]),
            (
                "step.create",
                ["workflow": "w", "step": ["id": "a", "kind": "flag", "flag": "b"]]
            ),
            ("step.update", ["workflow": "w", "step": "a", "changes": ["note": "x"]]),
            ("step.move", ["workflow": "w", "step": "a", "place": ["before": "hello"]]),
            ("step.delete", ["workflow": "w", "step": "a"]),
            ("workflow.preview", ["definition": misspelled]),
            ("workflow.preview", ["workflow": "w"]),
            ("template.create", ["id": "t", "workflow": "w"]),
            ("template.get", ["template": "t"]),
            ("template.update", ["template": "t", "name": "T"]),
        ]
        for (op, args) in others {
            #expect(codes(try harness.call(op, args)) == ["field_misspelled"], "\(op)")
        }
        let mended = try harness.call(
            "workflow.update",
            ["workflow": "w", "definition": definition("Hi {{ contact.first_name }}")])
        #expect(mended["warnings"] == nil)
    }

    @Test func activationAsksWhetherAMisspelledFieldIsMeant() throws {
        let harness = try harness()
        try harness.call(
            "workflow.create",
            ["id": "w", "definition": definition("Hi {{ contact.first_nam }}")])
        let error = try harness.reply("workflow.activate", ["workflow": "w"])["error"]
        #expect(error?["code"] == "fields_unconfirmed")
        #expect(error?["path"] == "definition.steps[0].content.text")
        #expect(
            error?["hint"]
                == "Did you mean \"contact.first_name\"? Where it is meant, send \"confirm_fields\": true."
        )
        #expect(error?["details"]?["warnings"]?[0]?["nearest"] == "contact.first_name")
        let active = try harness.call(
            "workflow.activate", ["workflow": "w", "confirm_fields": true])
        #expect(active["state"] == "active")
        #expect(try harness.call("workflow.activate", ["workflow": "w"])["state"] == "active")
        // Who lifts a brake is not asked again.
        for brake in ["workflow.pause", "workflow.halt"] {
            try harness.call(brake, ["workflow": "w"])
            #expect(try harness.call("workflow.activate", ["workflow": "w"])["state"] == "active")
        }
    }

    @Test func aFieldThatIsInUseIsNeverRefused() throws {
        let harness = try harness()
        try harness.call("contact.put", ["id": "c", "fields": ["first_nam": "Ann"]])
        for number in 0..<1_200 {
            try harness.call("contact.put", ["id": .string("c\(number)"), "fields": ["n": 1]])
        }
        let record: JSON = ["type": "visit", "id": "v", "fields": ["site": ["cty": "Troy"]]]
        try harness.call("record.put", record)
        let text = "{{ contact.first_nam }} {{ record.site.cty }} {{ business.name }}"
        let created = try harness.call(
            "workflow.create", ["id": "w", "definition": definition(text, record: "visit")])
        #expect(created["warnings"] == nil)
        #expect(try harness.call("workflow.activate", ["workflow": "w"])["state"] == "active")
    }

    @Test func aFieldThatIsLikeNoOtherOnlyWarns() throws {
        let harness = try harness()
        let before = try harness.call(
            "workflow.create", ["id": "v", "definition": definition("{{ contact.favorite }}")])
        #expect(before["warnings"] == nil, "nothing is stored by which it could be missed")
        try harness.call("contact.put", ["id": "c", "fields": ["first_name": "Ann"]])
        let created = try harness.call(
            "workflow.create", ["id": "w", "definition": definition("{{ contact.favorite }}")])
        #expect(codes(created) == ["field_unknown"])
        #expect(try harness.call("workflow.activate", ["workflow": "w"])["state"] == "active")
    }

    @Test func theFieldsOfARecordAreThoseOfItsType() throws {
        let harness = try harness()
        try harness.call(
            "record.put", ["type": "job", "id": "j", "fields": ["technician": "Bo"]])
        let own = try harness.call(
            "workflow.create",
            ["definition": definition("{{ record.techncian }}", record: "job")])
        #expect(codes(own) == ["field_misspelled"])
        let other = try harness.call(
            "workflow.create",
            ["definition": definition("{{ record.techncian }}", record: "lead")])
        #expect(other["warnings"] == nil)
        let shipped = try harness.call(
            "workflow.create",
            ["definition": definition("{{ record.start_at }}", record: "visit")])
        #expect(codes(shipped) == ["field_misspelled"])
    }

    @Test func theShippedTemplatesAreWithoutWarnings() throws {
        let harness = try harness()
        for template in try harness.call("template.list")["templates"]?.array ?? [] {
            let id = template["id"] ?? nil
            #expect(try harness.call("template.get", ["template": id])["warnings"] == nil)
            try harness.call("workflow.create", ["template": id, "id": id])
            #expect(try harness.call("workflow.activate", ["workflow": id])["state"] == "active")
        }
    }

    @Test func aSignalThatLooksMisspelledOnlyWarns() throws {
        let harness = try harness()
        let exits: JSON = [["name": "replied", "when": ["signal": "sms.repleid"]]]
        let created = try harness.call(
            "workflow.create",
            ["id": "w", "definition": ["name": "w", "exits": exits, "steps": [["kind": "exit"]]]])
        #expect(codes(created) == ["signal_misspelled"])
        #expect(created["warnings"]?[0]?["path"] == "definition.exits[0].when.signal")
        #expect(try harness.call("workflow.activate", ["workflow": "w"])["state"] == "active")
    }
}
