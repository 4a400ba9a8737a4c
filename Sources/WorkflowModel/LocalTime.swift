/// A day and a time of day as a clock on the wall shows them, without a zone.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// The day.
    public let date: CalendarDate
    /// Milliseconds since midnight by the wall clock, 0 to 86,399,999.
    public let millisecondOfDay: Int

    /// The time `millisecondOfDay` on `date`; it has to be 0 to 86,399,999.
    public init(date: CalendarDate, millisecondOfDay: Int) {
        precondition((0..<86_400_000).contains(millisecondOfDay))
        self.date = date
        self.millisecondOfDay = millisecondOfDay
    }

    /// `time` on `date`.
    public init(_ date: CalendarDate, _ time: WallTime) {
        self.date = date
        millisecondOfDay = time.minutesOfDay * 60_000
    }

    /// What a clock shows that runs in step with UTC, `milliseconds` after 1970-01-01T00:00.
    init(clockMilliseconds milliseconds: Int64) {
        let (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        date = CalendarDate(daysSince1970: Int(rest < 0 ? day - 1 : day))
        millisecondOfDay = Int(rest < 0 ? rest + 86_400_000 : rest)
    }

    /// Milliseconds from 1970-01-01T00:00 by the same clock, as if it never changed.
    var clockMilliseconds: Int64 {
        Int64(date.daysSince1970) * 86_400_000 + Int64(millisecondOfDay)
    }

    /// The hour, 0 to 23.
    public var hour: Int { millisecondOfDay / 3_600_000 }
    /// The minute, 0 to 59.
    public var minute: Int { millisecondOfDay / 60_000 % 60 }

    /// The same time of day `days` later, or earlier where negative.
    public func adding(days: Int) -> LocalTime {
        LocalTime(date: date.adding(days: days), millisecondOfDay: millisecondOfDay)
    }

    /// Whether `left` is earlier by the calendar and the clock.
    public static func < (left: LocalTime, right: LocalTime) -> Bool {
        left.clockMilliseconds < right.clockMilliseconds
    }
}
