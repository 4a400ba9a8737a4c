import WorkflowModel

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

    /// Reads what ``SMSSender`` takes; nil for anything else.
    init?(_ text: String) {
        guard SMSSender.isValid(text) else { return nil }
        self.text = text
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension String {
    /// Without white space at both ends.
    var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
