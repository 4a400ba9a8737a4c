import JSONLines
import Testing

@Suite struct ValidTextTests {
    static let valid: [(String, JSON)] = [
        ("null", nil), ("true", true), ("false", false), ("\"\"", ""), ("[]", []), ("{}", [:]),
        (" \t\r\n[ \t\r\n] \t\r\n", []), ("{ \"a\" : 1 }", ["a": 1]),
        ("[1,2]", [1, 2]), ("[[],[[]]]", [[], [[]]]), ("[null,1,\"1\",{}]", [nil, 1, "1", [:]]),
        // Numbers
        ("0", 0), ("-0", 0), ("-1", -1), ("10", 10), ("123", 123),
        ("9007199254740991", 9_007_199_254_740_991),
        ("-9007199254740991", -9_007_199_254_740_991),
        ("1.0", 1.0), ("-0.0", -0.0), ("0.5", 0.5), ("1e2", 100.0), ("1E2", 100.0),
        ("1e+2", 100.0), ("1E-2", 0.01), ("0e1", 0.0), ("[0e+1]", [0.0]), ("-1.5e3", -1500.0),
        ("9007199254740993.0", 9_007_199_254_740_992.0), ("0.00000000000000000001", 1e-20),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
        ("5e-324", .number(.leastNonzeroMagnitude)), ("123.456e-789", 0.0),
        // Strings
        (#""a/b""#, "a/b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u0000""#, "\0"), (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\\u0041""#, "\\u0041"),
        (#""\uD83D\uDE00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uFFFF""#, "\u{FFFF}"),
        (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"), ("\"é€😀\"", "é€😀"),
        ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"), ("\"\u{7F}\"", "\u{7F}"),
        ("\"\u{FEFF}\"", "\u{FEFF}"), (#""a\u0062c""#, "abc"), ("\" \"", " "),
        // Objects
        (#"{"":0}"#, ["": 0]), (#"{"a":{"a":1},"b":[{"a":1}]}"#, ["a": ["a": 1], "b": [["a": 1]]]),
        (#"{"a\u0000b":1}"#, ["a\0b": 1]), (#"{"A":1,"a":2}"#, ["A": 1, "a": 2]),
    ]

    @Test("Valid text is read as what it means", arguments: valid)
    func accepts(_ text: String, _ expected: JSON) throws {
        let value = try JSON(parsing: text)
        #expect(value == expected)
        #expect(value.kind == expected.kind)
    }

    @Test("Members keep their order")
    func order() throws {
        let object = try #require(try JSON(parsing: #"{"c":1,"a":2,"b":3}"#).object)
        #expect(object.names == ["c", "a", "b"])
        #expect(JSON.object(object).text == #"{"c":1,"a":2,"b":3}"#)
    }

    @Test("Nesting is read to the limit and no deeper")
    func depth() throws {
        let limit = JSON.maximumDepth
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            for depth in [1, limit] {
                let text = nested(opening, "0", closing, depth)
                #expect(try JSON(parsing: text).text == text)
            }
            #expect(throws: JSONError.self) {
                try JSON(parsing: nested(opening, "0", closing, limit + 1))
            }
        }
        let bomb = String(repeating: "[", count: 1_000_000)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bomb) }
        #expect(error?.offset == limit)
    }

    @Test("Siblings do not count as depth")
    func siblings() throws {
        let text = "[" + Array(repeating: "[[]]", count: 100).joined(separator: ",") + "]"
        #expect(try JSON(parsing: text).text == text)
    }

    @Test("An object of many members is read in time, and its duplicates are still found")
    func manyMembers() throws {
        let members = (0..<20_000).map { "\"name\($0)\":\($0)" }
        let text = "{" + members.joined(separator: ",") + "}"
        #expect(try JSON(parsing: text).object?.count == 20_000)
        for name in ["name0", "name15", "name16", "name19999"] {
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: text.dropLast() + ",\"\(name)\":0}")
            }
            #expect(error?.offset == text.utf8.count)
            #expect(error?.reason == "a duplicate name")
        }
    }

    @Test("Any collection of bytes is read alike")
    func collections() throws {
        let bytes = Array(#"xx{"a":[1,2]}xx"#.utf8)
        let expected: JSON = ["a": [1, 2]]
        #expect(try JSON(parsing: bytes[2..<13]) == expected)
        #expect(try JSON(parsing: bytes[2..<13].lazy.map { $0 }) == expected)
        #expect(try JSON(parsing: Array(bytes[2..<13])) == expected)
    }

    private func nested(_ opening: String, _ core: String, _ closing: String, _ depth: Int)
        -> String
    {
        String(repeating: opening, count: depth) + core + String(repeating: closing, count: depth)
    }
}
