/// A moment in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    public var milliseconds: Int64

    /// The moment `milliseconds` after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The range that is accepted from outside: the years 1970 to 9999.
    public static let acceptedRange =
        Instant(milliseconds: 0)...Instant(milliseconds: 253_402_300_799_999)

    /// Orders from the lesser to the greater.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `span` later.
    public static func + (left: Instant, span: TimeSpan) -> Instant {
        Instant(milliseconds: left.milliseconds + span.milliseconds)
    }

    /// The moment `span` earlier.
    public static func - (left: Instant, span: TimeSpan) -> Instant {
        Instant(milliseconds: left.milliseconds - span.milliseconds)
    }

    /// How long it is from `right` to `left`.
    public static func - (left: Instant, right: Instant) -> TimeSpan {
        TimeSpan(milliseconds: left.milliseconds - right.milliseconds)
    }
}

/// An elapsed time in milliseconds; it may be negative.
public struct TimeSpan: Hashable, Comparable, Sendable {
    /// The length in milliseconds.
    public var milliseconds: Int64

    /// A span of `milliseconds`.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// No time at all.
    public static let zero = TimeSpan(milliseconds: 0)
    /// A span of `count` seconds.
    public static func seconds(_ count: Int) -> TimeSpan {
        TimeSpan(milliseconds: Int64(count) * 1_000)
    }
    /// A span of `count` minutes.
    public static func minutes(_ count: Int) -> TimeSpan { .seconds(count * 60) }
    /// A span of `count` hours.
    public static func hours(_ count: Int) -> TimeSpan { .minutes(count * 60) }

    /// Orders from the lesser to the greater.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The sum of two spans.
    public static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(milliseconds: left.milliseconds + right.milliseconds)
    }

    /// The difference of two spans.
    public static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(milliseconds: left.milliseconds - right.milliseconds)
    }
}
