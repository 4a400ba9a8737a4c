/// How far a delay reaches, as its author wrote it, apart from what it counts from.
public struct DelayRule: Hashable, Sendable {
    /// The length (`for`), or nil where only a time of day or a weekday is waited for.
    public var amount: DurationAmount?
    /// The time of day at which it ends (`at`), or nil for any.
    public var at: WallTime?
    /// The weekdays on which it may end (`on`); empty for any.
    public var on: Set<Weekday>

    /// A delay of `amount`, that ends `at` a time of day and `on` given weekdays.
    public init(amount: DurationAmount? = nil, at: WallTime? = nil, on: Set<Weekday> = []) {
        self.amount = amount
        self.at = at
        self.on = on
    }
}

/// What a delay counts from.
public enum Anchor: Hashable, Sendable {
    /// A moment.
    case instant(Instant)
    /// A calendar day, such as an invoice's due date.
    case date(CalendarDate)
}
