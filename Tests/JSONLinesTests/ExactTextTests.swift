import JSONLines
import Testing

/// Texts are compared by their code points: as names of members, as values, in tables and hashes.
@Suite struct ExactTextTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    /// Texts that Swift's own strings call equal.
    private static let pairs = [
        (composed, decomposed), ("\u{212B}", "\u{C5}"), ("\u{1100}\u{1161}", "\u{AC00}"),
        ("a\u{323}\u{307}", "a\u{307}\u{323}"), ("\u{37E}", ";"), ("\u{212A}", "K"),
    ]

    @Test(arguments: pairs) func differAsValues(left: String, right: String) throws {
        #expect(left == right)
        #expect(JSON.string(left) != JSON.string(right))
        #expect(JSON.array([.string(left)]) != JSON.array([.string(right)]))
        #expect(Set([JSON.string(left), JSON.string(right), JSON.string(left)]).count == 2)
        #expect(ExactText(left) != ExactText(right))
        #expect(ExactText(left) == ExactText(left))
    }

    @Test(arguments: pairs, [0, 20, 40]) func differAsNames(pair: (String, String), fill: Int)
        throws
    {
        let filling = (0..<fill).map { "\"f\($0)\":0," }.joined()
        let object = try JSON(parsing: "{\(filling)\"\(pair.0)\":1,\"\(pair.1)\":2}")
        #expect(object[pair.0] == 1)
        #expect(object[pair.1] == 2)
        #expect(throws: JSONError.self) {
            try JSON(parsing: "{\(filling)\"\(pair.0)\":1,\"\(pair.0)\":2}")
        }
        let changed = (object.object ?? [:]).merging([pair.1: nil])
        #expect(changed[pair.0] == 1)
        #expect(changed[pair.1] == nil)
        #expect(object != .object(changed))
    }

    @Test func canonicalTextDoesNotDependOnOrder() throws {
        let one = try JSON(parsing: #"{"b":{"y":1.0,"x":[{"q":1,"p":2}]},"a":1e2,"é":0.5}"#)
        let other = try JSON(parsing: #"{"é":5e-1,"a":100,"b":{"x":[{"p":2,"q":1}],"y":1}}"#)
        #expect(one.canonicalText == other.canonicalText)
        #expect(one.canonicalText == #"{"a":100,"b":{"x":[{"p":2,"q":1}],"y":1},"é":0.5}"#)
        for different in [#"{"a":"100"}"#, #"{"a":[1,2]}"#, #"{"a":[2,1]}"#, #"{"a":null}"#, "{}"] {
            #expect(try JSON(parsing: different).canonicalText != one.canonicalText)
        }
        #expect(try JSON(parsing: "[1,2]").canonicalText != JSON(parsing: "[2,1]").canonicalText)
    }
}
