import TerminalText
import Testing

@Suite struct TableTests {
    private func table() -> Table {
        var table = Table("name", "#count", "note")
        table.append(["Ann", "7", "short"])
        table.append(["東京", "1,234", "a much longer note that has to be cut"])
        return table
    }

    @Test func columnsStandBelowEachOther() {
        #expect(
            table().lines(width: nil, ink: .plain) == [
                "name  count  note",
                "Ann       7  short",
                "東京  1,234  a much longer note that has to be cut",
            ])
    }

    @Test(arguments: [26, 30, 40, 60])
    func fitsTheTerminal(width: Int) {
        let lines = table().lines(width: width, ink: Ink(isColored: true))
        #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(lines)")
        #expect(lines[1].contains("short"))
    }

    @Test func linesBreakNoTable() {
        var table = Table("a", "b")
        table.append(["x\ny"])
        #expect(table.lines(width: nil, ink: .plain) == ["a    b", "x y"])
    }
}

@Suite struct InkTests {
    @Test(arguments: [
        (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false),
        (true, ["NO_COLOR": ""], true), (true, ["TERM": "dumb"], false),
    ])
    func colours(isTerminal: Bool, environment: [String: String], expected: Bool) {
        #expect(Ink.suited(toTerminal: isTerminal, environment: environment).isColored == expected)
    }
}
