internal import Foundation

/// Numbers as people write them.
enum PlainNumber {
    /// A number is meant to this many decimals: what is behind them is dust of binary fractions.
    static let decimals = 4
    private static let scale = 10_000.0
    /// Greater numbers have no digits behind ``decimals`` that could be rounded away.
    private static let largestRounded = 1e11

    /// `value` to ``decimals``, half away from zero.
    static func rounded(_ value: Double) -> Double {
        guard abs(value) < largestRounded else { return value }
        return (value * scale).rounded() / scale
    }

    /// A rounded `value` in digits alone, without an exponent and zeros at its end.
    static func text(_ value: Double) -> String {
        var digits = String(format: "%.\(decimals)f", value)
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.hasSuffix(".") { digits.removeLast() }
        return digits
    }

    /// The number that `text` is, such as `240`, `-3` or `0.00`; nil where it is none.
    static func value(of text: String) -> Double? {
        var bytes = text.utf8[...]
        guard bytes.count <= 40 else { return nil }
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        let digits =
            bytes.first.map([UInt8(ascii: "-"), UInt8(ascii: "+")].contains) == true
            ? bytes.dropFirst() : bytes
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy(isDigits) else { return nil }
        return Double(Substring(bytes))
    }

    private static func isDigits(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
