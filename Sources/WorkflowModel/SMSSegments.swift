/// How many parts a text message is sent and billed as.
///
/// Source: 3GPP TS 23.038 (the GSM 7 bit default alphabet and its extension table) and TS 23.040 (the
/// header of concatenated messages, which takes 7 of 160 septets or 3 of 70 UCS-2 units).
public struct SMSSegments: Hashable, Sendable {
    /// The alphabet that the whole text is sent in.
    public enum Encoding: String, Hashable, Sendable {
        case gsm7, ucs2
    }

    /// GSM-7 where every character is in that alphabet, else UCS-2.
    public let encoding: Encoding
    /// The length in units of the encoding: a character of the extension table, or one beyond the
    /// Basic Multilingual Plane, counts two.
    public let characters: Int
    /// The number of parts; 0 for an empty text.
    public let segments: Int

    /// Counts `text`.
    public init(_ text: String) {
        let septets = text.unicodeScalars.lazy.map(SMSSegments.septets)
        if septets.contains(0) {
            encoding = .ucs2
            let units = text.unicodeScalars.lazy.map { UTF16.width($0) }
            (characters, segments) = SMSSegments.count(units, single: 70, part: 67)
        } else {
            encoding = .gsm7
            (characters, segments) = SMSSegments.count(septets, single: 160, part: 153)
        }
    }

    /// Fills parts in order; a character of two units is never cut in half.
    private static func count(
        _ widths: some Sequence<Int>, single: Int, part: Int
    ) -> (characters: Int, segments: Int) {
        var (characters, parts, room) = (0, 0, 0)
        for width in widths {
            characters += width
            if width > room {
                parts += 1
                room = part
            }
            room -= width
        }
        return (characters, characters > single ? parts : min(characters, 1))
    }

    /// How many septets `scalar` takes in GSM-7; 0 where it is not in that alphabet.
    private static func septets(_ scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "^", "{", "}", "\\", "[", "~", "]", "|", "\u{0C}", "€": 2
        case "`", "\t": 0
        case " "..."~", "\n", "\r": 1
        default: basicBeyondASCII.contains(scalar) ? 1 : 0
        }
    }

    private static let basicBeyondASCII = Set(
        "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà".unicodeScalars)
}
