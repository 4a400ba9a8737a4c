import TerminalText
import Testing

@Suite struct LineDifferenceTests {
    @Test func equalTextsDifferInNothing() {
        #expect(LineDifference(old: "a\nb", new: "a\nb").isEmpty)
        #expect(!LineDifference(old: "a\nb", new: "a\nc").isEmpty)
    }

    @Test func showsChangesWithTheirSurroundings() {
        let old = (1...9).map { "line \($0)" }.joined(separator: "\n")
        let new = old.replacing("line 5", with: "line five")
        #expect(
            LineDifference(old: old, new: new, context: 1).text(ink: .plain) == [
                "  ... 3 equal lines", "  line 4", "- line 5", "+ line five", "  line 6",
                "  ... 3 equal lines",
            ])
    }

    @Test func aDifferenceAppliedGivesTheNewText() {
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let old = (0..<8).map { _ in String(Int.random(in: 0..<4, using: &numbers)) }
            let new = (0..<8).map { _ in String(Int.random(in: 0..<4, using: &numbers)) }
            let lines = LineDifference(
                old: old.joined(separator: "\n"), new: new.joined(separator: "\n"), context: 99
            ).lines
            #expect(Self.side(lines, isNew: true) == new)
            #expect(Self.side(lines, isNew: false) == old)
        }
    }

    private static func side(_ lines: [LineDifference.Line], isNew: Bool) -> [String] {
        lines.compactMap { line in
            switch line {
            case .same(let text): text
            case .added(let text): isNew ? text : nil
            case .removed(let text): isNew ? nil : text
            case .gap: nil
            }
        }
    }
}
