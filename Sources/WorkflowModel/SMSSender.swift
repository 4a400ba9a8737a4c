/// Who a text message comes from: a number, a short code, or a name.
public enum SMSSender {
    /// Whether `text` is a number in international form (E.164), 3 to 8 digits, or up to 11 letters,
    /// digits, spaces and hyphens with a letter among them.
    public static func isValid(_ text: String) -> Bool {
        isNumber(text) || isShortCode(text) || isName(text)
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (8...15).contains(digits.count)
            && digits.first != UInt8(ascii: "0") && digits.allSatisfy(isDigit)
    }

    private static func isShortCode(_ text: String) -> Bool {
        (3...8).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    private static func isName(_ text: String) -> Bool {
        (1...11).contains(text.utf8.count) && text.utf8.contains(where: isLetter)
            && text.utf8.allSatisfy { isDigit($0) || isLetter($0) || [0x20, 0x2D].contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
