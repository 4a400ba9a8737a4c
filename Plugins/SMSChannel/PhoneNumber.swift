/// A telephone number in its international form, such as `+15550100123`.
///
/// Source: ITU-T E.164, section 6: at most 15 digits, and no country code begins with 0. Fewer than 8
/// digits are no subscriber's.
struct PhoneNumber: Hashable, Sendable {
    /// The number with its plus sign.
    let text: String

    /// Reads `+` and 8 to 15 digits; nil for anything else.
    init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
            digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isDigit)
        else { return nil }
        self.text = text
    }

    /// Reads a number as gateways write it: without the plus sign, or with `00` in its place.
    init?(gateway text: String) {
        let text = text.trimmingSpaces
        let number: PhoneNumber? =
            text.hasPrefix("00") ? PhoneNumber("+\(text.dropFirst(2))") : PhoneNumber("+\(text)")
        guard let number = PhoneNumber(text) ?? number else { return nil }
        self = number
    }
}

/// Who a message comes from: a number, a short code, or a name.
struct Sender: Hashable, Sendable {
    /// As the provider takes it.
    let text: String

    /// Reads a number in international form, 3 to 8 digits, or up to 11 letters, digits, spaces and
    /// hyphens with a letter among them; nil for anything else.
    init?(_ text: String) {
        let isShortCode = (3...8).contains(text.utf8.count) && text.utf8.allSatisfy(\.isDigit)
        guard PhoneNumber(text) != nil || isShortCode || Sender.isName(text) else { return nil }
        self.text = text
    }

    private static func isName(_ text: String) -> Bool {
        (1...11).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isDigit || $0.isLetter || [0x20, 0x2D].contains($0) }
            && text.utf8.contains { $0.isLetter }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}

extension String {
    /// Without white space at both ends.
    var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
