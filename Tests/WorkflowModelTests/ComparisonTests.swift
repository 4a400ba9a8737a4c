import JSONLines
import Testing
import WorkflowModel

/// How conditions compare.
struct ComparisonTests {
    private static let passing: [(Comparison.Operator, JSON, JSON?)] = [
        (.equals, 0, 0), (.equals, 0, 0.0), (.equals, 0.5, 0.5), (.equals, "a", "a"),
        (.equals, true, true),
        (.notEquals, 0, 1), (.notEquals, 0, "none"), (.notEquals, 0, nil), (.notEquals, 0, .null),
        (.greaterThan, 1, 2), (.greaterThan, 1, 1.5), (.greaterThan, "a", "b"),
        (.greaterThan, "2026-01-09", "2026-01-10"),
        (.greaterThan, "2026-03-01T10:00:00Z", "2026-03-01T09:00:00-05:00"), (.lessThan, 0, -0.5),
        (.exists, true, ""), (.exists, true, false), (.exists, false, nil), (.exists, false, .null),
        (.isIn, ["a", 1], 1.0), (.isIn, ["a", 1], "a"), (.contains, "an", "Annan"),
        (.contains, "", "x"),
        (.contains, 2, [1, 2.0]), (.contains, "vip", ["vip", "new"]),
        // A text that is a number is that number beside one.
        (.equals, 0, "0"), (.equals, 0, "0.00"), (.equals, 0, "-0"), (.equals, 0, " 0 "),
        (.equals, "0.00", 0), (.equals, 12.5, "12.50"), (.greaterThan, 1, "2"),
        (.lessThan, 5, "+4.9"),
        (.isIn, ["1"], 1), (.isIn, [1], "1.0"), (.contains, 1, ["1"]), (.lessThan, "10", 9),
        (.notEquals, 0, "$0.00"), (.notEquals, 0, "1e-9"), (.lessThan, "9", "10"),
        // Dust of binary fractions is nothing.
        (.equals, 0, 5.551115123125783e-17), (.equals, 0, 0.00001),
        (.equals, 0.3, .number(0.1 + 0.2)),
        (.equals, 240.1, 240.10000000000002), (.greaterThan, 0, 0.0001), (.lessThan, 0, -0.0001),
        // Texts are equal by their code points.
        (.notEquals, "\u{E9}", "e\u{301}"), (.equals, "e\u{301}", "e\u{301}"),
    ]

    @Test(arguments: passing.indices) func passes(_ index: Int) {
        let (name, operand, value) = ComparisonTests.passing[index]
        #expect(Comparison(name, operand).holds(for: value))
    }

    private static let failing: [(Comparison.Operator, JSON, JSON?)] = [
        (.equals, 0, nil), (.equals, 0, .null), (.equals, 0, "none"), (.equals, 1, true),
        (.equals, "a", "A"),
        (.notEquals, 0, 0.0), (.greaterThan, 1, 1), (.greaterThan, 1, nil),
        (.greaterThan, 1, "two"),
        (.lessThan, "b", "b"), (.lessThan, 1, .null), (.lessThan, 5, ""), (.exists, true, nil),
        (.exists, true, .null),
        (.exists, false, 0), (.isIn, [], 1), (.isIn, ["one"], 1), (.isIn, [1], nil),
        (.contains, "x", "Annan"),
        (.contains, 1, "1"), (.contains, "a", nil), (.contains, "a", ["b"]),
        (.notEquals, 0, "0"), (.greaterThan, 0, "0.00"), (.greaterThan, 0, 5.551115123125783e-17),
        (.lessThan, 0, -0.00001), (.equals, 0, ""), (.equals, 0, "."), (.equals, 0, "0x0"),
        (.equals, 1, "1,0"), (.equals, 1, "1 0"), (.equals, "1", "1.0"), (.equals, true, "true"),
        (.equals, "\u{E9}", "e\u{301}"), (.isIn, ["\u{E9}"], "e\u{301}"),
        (.contains, "\u{E9}", "e\u{301}"), (.contains, "\u{E9}", ["e\u{301}"]),
    ]

    @Test(arguments: failing.indices) func fails(_ index: Int) {
        let (name, operand, value) = ComparisonTests.failing[index]
        #expect(!Comparison(name, operand).holds(for: value))
    }

    /// Against looking at every place, over all short texts of two letters.
    @Test func findsATextWhereverItStands() {
        let texts = (0...6).flatMap(ComparisonTests.texts)
        for whole in texts {
            let places = whole.indices.map { whole[$0...] } + [""]
            for part in texts {
                let isThere = places.contains { $0.hasPrefix(part) }
                #expect(Comparison(.contains, .string(part)).holds(for: .string(whole)) == isThere)
            }
        }
    }

    private static func texts(ofLength length: Int) -> [String] {
        length == 0 ? [""] : texts(ofLength: length - 1).flatMap { ["\($0)a", "\($0)b"] }
    }
}
