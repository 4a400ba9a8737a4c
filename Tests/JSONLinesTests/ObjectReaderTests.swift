import JSONLines
import Testing

@Suite struct ObjectReaderTests {
    @Test("Members are taken as their types; null and absent are alike")
    func values() throws {
        let value: JSON = [
            "s": "x", "i": 7, "b": true, "a": [1], "o": ["k": 1], "n": nil, "e": "",
        ]
        var reader = try ObjectReader(value, at: "args")
        #expect(try reader.string("s") == "x")
        #expect(try reader.requiredString("s") == "x")
        #expect(try reader.integer("i", in: 1...7) == 7)
        #expect(try reader.bool("b") == true)
        #expect(try reader.array("a") == [1])
        #expect(try reader.members("o") == ["k": 1])
        #expect(try reader.object("o")?.path == "args.o")
        #expect(try reader.string("e") == "")
        let (null, holdsNull, holdsAbsent) = (
            reader.value("n"), reader.contains("n"), reader.contains("m")
        )
        #expect(null == nil && holdsNull && !holdsAbsent)
        #expect(try reader.string("n") == nil)
        #expect(try reader.integer("m") == nil)
        #expect(try reader.bool("m") == nil)
        #expect(try reader.array("m") == nil)
        #expect(try reader.members("m") == nil)
        #expect(try reader.object("m") == nil)
        #expect(reader.memberNames == ["s", "i", "b", "a", "o", "n", "e"])
        try reader.finish()
    }

    @Test("A value that is no object is refused with what it is instead")
    func noObject() {
        let values: [(JSON, String)] = [
            (nil, "null"), (true, "a boolean"), (1, "an integer"), (1.5, "a number"),
            ("x", "a string"), ([], "an array"),
        ]
        for (value, kind) in values {
            let error = #expect(throws: FieldError.self) { try ObjectReader(value, at: "args") }
            let expected = "Expected an object, not \(kind)."
            #expect(error == FieldError(.invalid, at: "args", expected))
        }
    }

    @Test("A wrong type names the field, what was expected and what was found")
    func wrongTypes() throws {
        let value: JSON = ["a": ["b": ["x": 1.5]]]
        var outer = try ObjectReader(value, at: "")
        var middle = try #require(try outer.object("a"))
        var reader = try #require(try middle.object("b"))
        let path = "a.b.x"
        func expectInvalid(_ expected: String, _ body: () throws -> Void) {
            let error = #expect(throws: FieldError.self, performing: body)
            let message = "Expected \(expected), not a number."
            #expect(error == FieldError(.invalid, at: path, message))
        }
        expectInvalid("a string") { _ = try reader.string("x") }
        expectInvalid("a string") { _ = try reader.requiredString("x") }
        expectInvalid("an integer") { _ = try reader.integer("x") }
        expectInvalid("true or false") { _ = try reader.bool("x") }
        expectInvalid("an array") { _ = try reader.array("x") }
        expectInvalid("an object") { _ = try reader.members("x") }
        expectInvalid("an object") { _ = try reader.object("x") }
    }

    @Test("What must be there is missed when it is absent, null or empty")
    func missing() throws {
        var reader = try ObjectReader(["n": nil, "e": ""], at: "args")
        for name in ["m", "n"] {
            let expected = FieldError(.missing, at: "args.\(name)", "This field is required.")
            #expect(throws: expected) { _ = try reader.required(name) }
            #expect(throws: expected) { _ = try reader.requiredString(name) }
        }
        let empty = FieldError(.invalid, at: "args.e", "It must not be empty.")
        #expect(throws: empty) { _ = try reader.requiredString("e") }
    }

    @Test("An integer outside its range is refused with the range", arguments: [0, 201, -5])
    func range(_ value: Int64) throws {
        var reader = try ObjectReader(["limit": .integer(value)], at: "args")
        let expected = FieldError(.invalid, at: "args.limit", "It must be from 1 to 200.")
        #expect(throws: expected) { _ = try reader.integer("limit", in: 1...200) }
    }

    @Test("A name that nobody asked for is refused, with the nearest one as a hint")
    func unknown() throws {
        func hint(_ name: String) throws -> String? {
            var reader = try ObjectReader([name: 1], at: "")
            for known in ["if_rev", "key", "id", "args"] { _ = reader.value(known) }
            let error = #expect(throws: FieldError.self) { try reader.finish() }
            #expect(error?.kind == .unknown)
            #expect(error?.path == name)
            return error?.hint
        }
        #expect(try hint("if_revision") == "Known fields: args, id, if_rev, key.")
        #expect(try hint("ifrev") == "Did you mean \"if_rev\"?")
        #expect(try hint("keys") == "Did you mean \"key\"?")
        #expect(try hint("IF_REV") == "Known fields: args, id, if_rev, key.")
    }
}

@Suite struct SpellingTests {
    @Test(
        "The nearest name within two edits is found",
        arguments: [
            ("definitoin", "definition"), ("name", "name"), ("nmae", "name"), ("names", "name"),
            ("xyz", nil), ("", nil), ("descripton", "description"), ("descr", nil),
        ] as [(String, String?)])
    func nearest(_ name: String, _ expected: String?) {
        let known = ["name", "definition", "description"]
        #expect(Spelling.nearest(to: name, among: known) == expected)
    }

    @Test("A name of a megabyte costs nothing, and among no names none is near")
    func extremes() {
        let long = String(repeating: "a", count: 1 << 20)
        #expect(Spelling.nearest(to: long, among: ["name"]) == nil)
        #expect(Spelling.nearest(to: "name", among: []) == nil)
    }
}
