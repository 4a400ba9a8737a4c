import JSONLines
import Testing
import WorkflowModel

/// Names in definitions that nothing has: which are told, and as what.
@Suite struct DefinitionReviewTests {
    private func known() -> KnownNames {
        var known = KnownNames()
        known.fields[.contact]?.formUnion(["zip", "address.city", "loyalty_level"])
        known.fields[.record] = ["starts_at", "balance", "balance_text", "number"]
        known.signals.formUnion(["sms.replied", "job.booked"])
        return known
    }

    private func warnings(_ definition: JSON, inUse: Set<String> = []) throws
        -> [DefinitionWarning]
    {
        let definition = try WorkflowDefinition(json: definition, at: "args.definition")
        return try DefinitionReview(known(), isInUse: { inUse.contains($0.text) })
            .warnings(of: definition.references(at: "definition"))
    }

    private func text(_ text: String) -> JSON {
        ["kind": "message", "channel": "sms", "content": ["text": .string(text)]]
    }

    @Test(
        "A field that nothing has is told with what it was probably meant to be",
        arguments: [
            ("contact.first_nam", "contact.first_name"),
            ("contact.frist_name", "contact.first_name"),
            ("contact.firstName", "contact.first_name"),
            ("contact.First_Name", "contact.first_name"),
            ("contact.firstname", "contact.first_name"), ("contact.emial", "contact.email"),
            ("contact.fone", nil), ("contact.phon", "contact.phone"), ("contact.phone2", nil),
            ("contact.vip", nil), ("contact.adress.city", "contact.address.city"),
            ("contact.loyalty_levle", "contact.loyalty_level"),
            ("record.start_at", "record.starts_at"), ("record.blance", "record.balance"),
            ("business.adress", "business.address"), ("business.opening_hours", nil),
            ("business.nam", "business.name"), ("business.nmae", "business.name"),
            ("business.phon", "business.phone"), ("contact.nam", nil),
        ] as [(String, String?)])
    func fieldsNothingHas(field: String, nearest: String?) throws {
        let found = try warnings(["name": "w", "steps": [text("Hi {{ \(field) }}")]])
        #expect(found.map(\.name) == [field])
        #expect(found.first?.nearest == nearest)
        #expect(found.first?.code == (nearest == nil ? .fieldUnknown : .fieldMisspelled))
    }

    @Test("A field that is known, or in use after all, is not told")
    func knownFields() throws {
        let known = "{{ contact.first_name }} {{ contact.address.city }} {{ business.phone }}"
        #expect(try warnings(["name": "w", "steps": [text(known)]]).isEmpty)
        let custom: JSON = ["name": "w", "steps": [text("{{ contact.first_nam }}")]]
        #expect(try warnings(custom, inUse: ["contact.first_nam"]).isEmpty)
    }

    @Test("A name that another root has is told as unknown")
    func anotherRoot() throws {
        let found = try warnings(["name": "w", "steps": [text("{{ contact.starts_at }}")]])
        #expect(found.map(\.code) == [.fieldUnknown])
        #expect(found.first?.nearest == "record.starts_at")
    }

    @Test("Where nothing is stored, only what looks misspelled is told")
    func nothingStored() throws {
        var known = KnownNames()
        known.unseen = [.contact, .record]
        let json: JSON = [
            "name": "w", "steps": [text("{{ contact.favorite }} {{ contact.first_nam }}")],
        ]
        let definition = try WorkflowDefinition(json: json, at: "")
        let found = try DefinitionReview(known, isInUse: { _ in false })
            .warnings(of: definition.references(at: "definition"))
        #expect(found.map(\.name) == ["contact.first_nam"])
    }

    @Test("Every place of a definition is looked at, and named as it stands there")
    func places() throws {
        let definition: JSON = [
            "name": "w", "entry": ["triggers": [["signal": "job.bookd"]]],
            "exits": [
                [
                    "name": "a",
                    "when": ["any": [["signal": "sms.replyed"], field("record.blance")]],
                ],
                ["name": "b", "when": ["not": field("record.blance")]],
            ],
            "steps": [
                ["kind": "delay", "from": "record.start_at"],
                [
                    "kind": "message", "channel": "sms", "content": ["text": "Hi"],
                    "fallback": [
                        "channel": "email",
                        "content": ["subject": "{{ record.numbr }}", "text": "Hi"],
                    ], "not_after": "record.start_at",
                ],
                [
                    "kind": "branch",
                    "paths": [
                        [
                            "name": "p", "when": ["all": [field("contact.frist_name")]],
                            "steps": [
                                text("{{ contact.first_name | default: contact.lst_name }}")
                            ],
                        ]
                    ],
                    "otherwise": ["steps": [text("{{ contact.emial }}")]],
                ],
            ],
        ]
        #expect(
            try warnings(definition).map(\.reference.place) == [
                "definition.entry.triggers[0].signal", "definition.exits[0].when.any[0].signal",
                "definition.exits[0].when.any[1].field", "definition.exits[1].when.not.field",
                "definition.steps[0].from", "definition.steps[1].fallback.content.subject",
                "definition.steps[1].not_after", "definition.steps[2].paths[0].when.all[0].field",
                "definition.steps[2].paths[0].steps[0].content.text",
                "definition.steps[2].otherwise.steps[0].content.text",
            ])
    }

    private func field(_ path: String) -> JSON { ["field": .string(path), "exists": true] }

    @Test("Warnings and looks are bounded")
    func bounds() throws {
        var looks = 0
        let many = (0..<400).map { text("{{ contact.unheard_of_\($0 % 100)x }}") }
        let json: JSON = ["name": "w", "steps": .array(many)]
        let definition = try WorkflowDefinition(json: json, at: "")
        let review = DefinitionReview(known()) { _ in
            looks += 1
            return false
        }
        let found = try review.warnings(of: definition.references(at: "definition"))
        #expect(found.count == DefinitionReview.limit)
        #expect(looks == 20)
    }

    @Test("Each signal is looked at once, and few of them", arguments: [(49, 2), (50, 0)])
    func signalBounds(odd: Int, found: Int) throws {
        let odd: [JSON] = (0..<odd).map { ["signal": .string("quite.unheard\($0)")] }
        let exit: JSON = [
            "name": "e", "when": ["any": .array(odd.suffix(25) + [["signal": "job.bookd"]])],
        ]
        let before: JSON = ["name": "d", "when": ["any": .array(Array(odd.prefix(25)))]]
        let definition = try warnings(["name": "w", "exits": [before, exit, with("f", exit)]])
        #expect(definition.map(\.name) == Array(repeating: "job.bookd", count: found))
    }

    private func with(_ name: String, _ exit: JSON) -> JSON {
        .object((exit.object ?? [:]).merging(["name": .string(name)]))
    }
}
