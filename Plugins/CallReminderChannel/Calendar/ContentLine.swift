/// A line of iCalendar: a name with its parameters, and a value (RFC 5545, section 3.1).
struct ContentLine {
    let name: String
    let value: String

    /// A line whose value stands there as it is: a date, a URI, a word of the standard.
    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// A line of text that anybody may have written.
    init(_ name: String, text: String) { self.init(name, ContentLine.escaped(text)) }

    /// `text` as a TEXT value (RFC 5545, section 3.3.11).
    ///
    /// Every kind of line end becomes `\n`, for some readers take them all for the end of a content
    /// line. Other control characters, which a text must not hold, are left out.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar != "\n" || last != "\r" { escaped.append(contentsOf: form(of: scalar)) }
            last = scalar
        }
        return String(escaped)
    }

    private static func form(of scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        switch scalar {
        case "\\", ";", ",": "\\\(scalar)".unicodeScalars
        case "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": #"\n"#.unicodeScalars
        case "\t": "\t".unicodeScalars
        case _ where scalar.properties.generalCategory == .control: "".unicodeScalars
        default: String(scalar).unicodeScalars
        }
    }

    /// Appends the line with CRLF, folded so that no piece has more than 75 octets (RFC 5545,
    /// section 3.1), and none ends within a character.
    func write(to bytes: inout [UInt8]) {
        var rest = Array("\(name):\(value)".utf8)[...]
        var room = 75
        while rest.count > room {
            let piece = rest.prefix(ContentLine.cut(rest, room))
            bytes += piece + [0x0D, 0x0A, 0x20]
            rest = rest.dropFirst(piece.count)
            // The space in front counts.
            room = 74
        }
        bytes += rest + [0x0D, 0x0A]
    }

    /// How many octets to take, at most `room`, so that the next piece begins with a whole character.
    private static func cut(_ bytes: ArraySlice<UInt8>, _ room: Int) -> Int {
        var count = room
        while bytes[bytes.startIndex + count] & 0xC0 == 0x80 { count -= 1 }
        return count
    }
}
