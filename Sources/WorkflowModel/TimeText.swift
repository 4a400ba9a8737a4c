extension Instant {
    /// The moment that `text` names by RFC 3339, such as `2026-03-01T10:00:00Z` or
    /// `2026-03-01T10:00:00.250-05:00`; nil where it is none, or beyond ``acceptedRange``.
    ///
    /// A fraction finer than a millisecond is cut off; second 60 counts as 59.
    public init?(rfc3339 text: String) {
        var scanner = TextScanner(text)
        guard let date = scanner.date(),
            scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(digits: 2, 0...23), scanner.take(":"),
            let minute = scanner.number(digits: 2, 0...59), scanner.take(":"),
            let second = scanner.number(digits: 2, 0...60),
            let fraction = scanner.milliseconds(), let offset = scanner.offsetInMinutes(),
            scanner.isAtEnd
        else { return nil }
        let minutes = (date.daysSince1970 * 24 + hour) * 60 + minute - offset
        milliseconds = (Int64(minutes) * 60 + Int64(min(second, 59))) * 1_000 + Int64(fraction)
        guard Instant.acceptedRange.contains(self) else { return nil }
    }

    /// The moment in UTC by RFC 3339, with milliseconds only where there are some:
    /// `2026-03-01T10:00:00Z`.
    public var rfc3339: String { text(offsetSeconds: 0) }

    /// The moment by RFC 3339 in a zone that lies `offsetSeconds` east of UTC.
    public func text(offsetSeconds: Int) -> String {
        let local = milliseconds + Int64(offsetSeconds) * 1_000
        let (seconds, fraction) = local.flooredDivision(by: 1_000)
        let (days, secondOfDay) = seconds.flooredDivision(by: 86_400)
        let date = CalendarDate(daysSince1970: Int(days))
        let second = Int(secondOfDay)
        var text = DigitText()
        text.append(date.year, width: 4)
        text.append("-", date.month)
        text.append("-", date.day)
        text.append("T", second / 3_600)
        text.append(":", second / 60 % 60)
        text.append(":", second % 60)
        if fraction > 0 { text.append(".", Int(fraction), width: 3) }
        if offsetSeconds == 0 { return text.finished("Z") }
        let minutes = abs(offsetSeconds) / 60
        text.append(offsetSeconds < 0 ? "-" : "+", minutes / 60)
        text.append(":", minutes % 60)
        return text.finished()
    }
}

/// Numbers of fixed width behind separators, written without intermediate texts: every event has some.
private struct DigitText {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(32) }

    mutating func append(_ separator: Unicode.Scalar, _ number: Int, width: Int = 2) {
        bytes.append(UInt8(ascii: separator))
        append(number, width: width)
    }

    mutating func append(_ number: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    func finished(_ suffix: String = "") -> String {
        String(decoding: bytes, as: UTF8.self) + suffix
    }
}

extension CalendarDate {
    /// The day that `text` names as `2026-03-01`, or nil.
    public init?(iso text: String) {
        var scanner = TextScanner(text)
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self = date
    }

    /// The day as `2026-03-01`.
    public var iso: String { "\(padded(year, width: 4))-\(padded(month))-\(padded(day))" }
}

extension WallTime {
    /// The time that `text` names as `10:00`, or nil.
    public init?(text: String) {
        var scanner = TextScanner(text)
        guard let hour = scanner.number(digits: 2, 0...23), scanner.take(":"),
            let minute = scanner.number(digits: 2, 0...59), scanner.isAtEnd
        else { return nil }
        self.init(hour: hour, minute: minute)
    }

    /// The time as `10:00`.
    public var text: String { "\(padded(hour)):\(padded(minute))" }
}

private func padded(_ number: Int, width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

extension Int64 {
    /// Quotient towards minus infinity, and a remainder from 0 to below `divisor`.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Takes fixed forms off the front of an ASCII text.
private struct TextScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
            return nil
        }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    mutating func number(digits: Int, _ range: ClosedRange<Int>) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return range.contains(value) ? value : nil
    }

    mutating func date() -> CalendarDate? {
        guard let year = number(digits: 4, 1...9999), take("-"),
            let month = number(digits: 2, 1...12),
            take("-"), let day = number(digits: 2, 1...31)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    mutating func milliseconds() -> Int? {
        guard take(".") else { return 0 }
        guard var value = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        while count < 3 {
            value *= 10
            count += 1
        }
        return value
    }

    mutating func offsetInMinutes() -> Int? {
        if take("Z") || take("z") { return 0 }
        let negative = take("-")
        guard negative || take("+"), let hours = number(digits: 2, 0...23), take(":"),
            let minutes = number(digits: 2, 0...59)
        else { return nil }
        return (negative ? -1 : 1) * (hours * 60 + minutes)
    }
}
