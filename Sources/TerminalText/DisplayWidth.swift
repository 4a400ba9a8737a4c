extension String {
    /// How many columns of a terminal the text takes.
    ///
    /// Escape sequences of ``Ink`` take none, combining marks none, wide characters and emoji two.
    /// Rule: Unicode Standard Annex #11, East Asian Width, applied to each grapheme cluster.
    public var displayWidth: Int {
        var width = 0
        var rest = self[...]
        while let character = rest.first {
            if character == "\u{1B}", let end = rest.firstIndex(of: "m") {
                rest = rest[rest.index(after: end)...]
            } else {
                width += character.displayWidth
                rest.removeFirst()
            }
        }
        return width
    }

    /// The text with blanks behind it, at least `width` columns wide.
    public func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - displayWidth))
    }

    /// The text with blanks before it, at least `width` columns wide.
    public func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - displayWidth)) + self
    }

    /// The text, cut at `width` columns with an ellipsis where it is longer; it must have no escape
    /// sequences.
    public func cut(to width: Int) -> String {
        guard displayWidth > width else { return self }
        var taken = ""
        var room = width - 1
        for character in self {
            room -= character.displayWidth
            if room < 0 { break }
            taken.append(character)
        }
        return width > 0 ? taken + "…" : ""
    }

    /// The text on one line, without what a terminal would obey.
    ///
    /// Line breaks become blanks and other control characters are taken out, so that a contact's name
    /// cannot move the cursor.
    public var singleLine: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control:
                if scalar == "\n" || scalar == "\t" { scalars.append(" ") }
            case .lineSeparator, .paragraphSeparator: scalars.append(" ")
            default: if !scalar.turnsWriting { scalars.append(scalar) }
            }
        }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    /// Whether it changes the direction of what follows it on the line.
    fileprivate var turnsWriting: Bool {
        (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }

    fileprivate var isWide: Bool {
        Self.wideRanges.contains { $0.contains(value) } || properties.isEmojiPresentation
    }

    /// The ranges of the classes W and F: Hangul, Kana, ideographs, and forms of full width.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
        0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1B000...0x1B2FF, 0x20000...0x3FFFD,
    ]
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if isASCII { return first.value < 0x20 || first.value == 0x7F ? 0 : 1 }
        if unicodeScalars.contains("\u{FE0F}") || first.isWide { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }
}
