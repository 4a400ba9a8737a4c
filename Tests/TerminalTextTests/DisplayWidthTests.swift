import Testing

@testable import TerminalText

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("Ann", 3), ("Zoë", 3), ("Zoe\u{308}", 3), ("東京", 4), ("한국", 4), ("ｱｲ", 2),
        ("😀", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("a\u{200B}b", 2), ("│ ●", 3), ("…", 1),
        ("Привет", 6), ("עברית", 5),
    ])
    func columns(text: String, width: Int) { #expect(text.displayWidth == width) }

    @Test func coloursTakeNoRoom() {
        #expect(Ink(isColored: true).red("Ann").displayWidth == 3)
        #expect(Ink(isColored: true).red("Ann") != "Ann")
    }

    @Test func cutsAtColumnsNotAtCharacters() {
        #expect("東京都庁".cut(to: 5) == "東京…")
        #expect("東京都庁".cut(to: 4) == "東…")
        #expect("東京".cut(to: 4) == "東京")
        #expect("abc".cut(to: 0) == "")
        #expect("👩‍👩‍👧👩‍👩‍👧".cut(to: 3) == "👩‍👩‍👧…")
    }

    @Test func pads() {
        #expect("東".padded(to: 4) + "|" == "東  |")
        #expect("7".leftPadded(to: 3) == "  7")
        #expect("long".padded(to: 2) == "long")
    }

    @Test func nothingInATextMovesTheCursor() {
        #expect("a\u{1B}[2Jb\r\nc\u{7}d".singleLine == "a[2Jb cd")
        #expect("x\u{202E}y\u{2028}z".singleLine == "xy z")
    }
}
