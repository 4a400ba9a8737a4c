public import WorkflowModel

/// Says when a delay ends.
public enum DelayCalendar {
    /// The moment at which `delay` ends that counts from `anchor`, within ``Instant/acceptedRange``.
    ///
    /// Weeks and days are added first, by the calendar: the same wall time that many days later. Hours
    /// and minutes follow as elapsed time. Then `at` and `on` apply by the wall clock:
    /// - `at` behind a number of days, or in a delay that is `anchored` to a field, is that time on the
    ///   day reached; it may lie before the anchor.
    /// - `at` behind hours or minutes, or alone, is the next such time, now included.
    /// - `on` moves on to the next of these weekdays, at the same wall time.
    ///
    /// The wall clock is that of `zone`, the contact's. A day as anchor, without `at`, is a day of the
    /// business: it begins at 00:00 in `businessZone`, and `on` is read there as well.
    public static func target(
        of delay: DelayRule, from anchor: Anchor, anchored: Bool, in zone: ZoneCalendar,
        businessZone: ZoneCalendar
    ) -> Instant {
        var reached: Reached
        switch anchor {
        case .instant(let instant): reached = Reached(instant, in: zone)
        case .date(let date): reached = Reached(date, in: delay.at == nil ? businessZone : zone)
        }
        let amount = delay.amount ?? DurationAmount()
        reached.add(amount)
        if let time = delay.at {
            let isDayGiven = anchored || amount.calendarDays != 0
            reached.move(to: time, onThatDay: isDayGiven && amount.elapsed == .zero)
        }
        if !delay.on.isEmpty { reached.move(to: delay.on) }
        return min(max(reached.instant, .acceptedRange.lowerBound), .acceptedRange.upperBound)
    }
}

/// A moment, together with the wall time that was meant by it: they differ where a switch of the clock
/// skipped that time, and the meant one counts when the day changes further.
private struct Reached {
    let zone: ZoneCalendar
    var meant: LocalTime
    var instant: Instant

    init(_ instant: Instant, in zone: ZoneCalendar) {
        self.zone = zone
        self.instant = instant
        meant = zone.local(instant)
    }

    init(_ date: CalendarDate, in zone: ZoneCalendar) {
        self.zone = zone
        meant = LocalTime(date: date, millisecondOfDay: 0)
        instant = zone.instant(of: meant)
    }

    mutating func add(_ amount: DurationAmount) {
        if amount.calendarDays != 0 { set(meant.adding(days: amount.calendarDays)) }
        if amount.elapsed != .zero { self = Reached(instant + amount.elapsed, in: zone) }
    }

    mutating func move(to time: WallTime, onThatDay: Bool) {
        if onThatDay { return set(LocalTime(meant.date, time)) }
        let earliest = instant
        // The day before: a switch around midnight may have pushed its time to this very moment.
        set(LocalTime(meant.date.adding(days: -1), time))
        while instant < earliest { set(meant.adding(days: 1)) }
    }

    mutating func move(to days: Set<Weekday>) {
        while !days.contains(zone.local(instant).date.weekday) { set(meant.adding(days: 1)) }
    }

    private mutating func set(_ local: LocalTime) {
        meant = local
        instant = zone.instant(of: local)
    }
}
