import Testing
import WorkflowEngine
import WorkflowModel

struct DelayCalendarTests {
    /// A delay of a contact in New York, the business being in London, as a row of a table.
    struct Case: Sendable, CustomTestStringConvertible {
        var from: String
        var amount = DurationAmount()
        var at: String?
        var on: Set<Weekday> = []
        var anchored = false
        var target: String

        var testDescription: String { "\(from) \(at ?? "") -> \(target)" }
    }

    private static let lengths: [Case] = [
        // Sunday, 2026-03-08, 02:00: clocks go forward from -05:00 to -04:00.
        Case(
            from: "2026-03-07T19:00:00Z", amount: DurationAmount(hours: 24),
            target: "2026-03-08T19:00:00Z"),
        Case(
            from: "2026-03-07T19:00:00Z", amount: DurationAmount(days: 1),
            target: "2026-03-08T18:00:00Z"),
        Case(
            from: "2026-03-07T07:30:00Z", amount: DurationAmount(days: 1),
            target: "2026-03-08T07:00:00Z"),
        Case(
            from: "2026-03-01T15:00:00.250Z", amount: DurationAmount(weeks: 1),
            target: "2026-03-08T14:00:00.250Z"),
        Case(
            from: "2026-03-07T19:00:00Z", amount: DurationAmount(days: 1, hours: 2, minutes: -30),
            target: "2026-03-08T19:30:00Z"),
        // Sunday, 2026-11-01, 02:00: back from -04:00 to -05:00.
        Case(
            from: "2026-10-31T05:30:00Z", amount: DurationAmount(days: 1),
            target: "2026-11-01T05:30:00Z"),
        Case(from: "2026-11-01T06:30:00Z", target: "2026-11-01T06:30:00Z"),
        Case(
            from: "2026-11-01T06:30:00Z", amount: DurationAmount(minutes: 10),
            target: "2026-11-01T06:40:00Z"
        ),
    ]

    @Test(arguments: lengths) func addsDaysByTheCalendarAndHoursByTheWatch(_ delay: Case) throws {
        try check(delay)
    }

    private static let timesOfTheDay: [Case] = [
        Case(
            from: "2026-01-05T20:00:00Z", amount: DurationAmount(days: 1), at: "10:00",
            target: "2026-01-06T15:00:00Z"),
        Case(
            from: "2026-01-06T04:30:00Z", amount: DurationAmount(days: 1), at: "10:00",
            target: "2026-01-06T15:00:00Z"),
        Case(
            from: "2026-03-07T20:00:00Z", amount: DurationAmount(days: 1), at: "02:30",
            target: "2026-03-08T07:00:00Z"),
        Case(
            from: "2026-10-31T20:00:00Z", amount: DurationAmount(days: 1), at: "01:30",
            target: "2026-11-01T05:30:00Z"),
    ]

    @Test(arguments: timesOfTheDay) func atIsATimeOfTheDayReached(_ delay: Case) throws {
        try check(delay)
    }

    private static let nextTimes: [Case] = [
        Case(from: "2026-01-05T14:59:00Z", at: "10:00", target: "2026-01-05T15:00:00Z"),
        Case(from: "2026-01-05T15:00:00Z", at: "10:00", target: "2026-01-05T15:00:00Z"),
        Case(from: "2026-01-05T15:00:00.001Z", at: "10:00", target: "2026-01-06T15:00:00Z"),
        Case(
            from: "2026-01-05T13:00:00Z", amount: DurationAmount(hours: 3), at: "10:00",
            target: "2026-01-06T15:00:00Z"),
        Case(
            from: "2026-01-05T13:00:00Z", amount: DurationAmount(days: 1, hours: 3), at: "10:00",
            target: "2026-01-07T15:00:00Z"),
        // The second time at which the clock shows 01:15; 01:30 of that day is past.
        Case(from: "2026-11-01T06:15:00Z", at: "01:30", target: "2026-11-02T06:30:00Z"),
    ]

    @Test(arguments: nextTimes) func atAloneIsTheNextSuchTime(_ delay: Case) throws {
        try check(delay)
    }

    private static let weekdays: [Case] = [
        // 2026-01-05 is a Monday.
        Case(from: "2026-01-05T15:00:00Z", on: [.mon, .wed], target: "2026-01-05T15:00:00Z"),
        Case(from: "2026-01-05T15:00:00Z", on: [.wed, .sun], target: "2026-01-07T15:00:00Z"),
        Case(
            from: "2026-01-09T15:00:00Z", amount: DurationAmount(days: 1), at: "09:00",
            on: [.mon, .tue, .wed, .thu, .fri], target: "2026-01-12T14:00:00Z"),
        // Sunday evening in New York is Monday in UTC.
        Case(from: "2026-01-05T03:00:00Z", on: [.mon], target: "2026-01-06T03:00:00Z"),
        // 02:30 is skipped on Sunday, but meant on Monday.
        Case(
            from: "2026-03-07T07:30:00Z", amount: DurationAmount(days: 1), on: [.mon],
            target: "2026-03-09T06:30:00Z"),
    ]

    @Test(arguments: weekdays) func onMovesToTheNextWeekday(_ delay: Case) throws {
        try check(delay)
    }

    private static let anchored: [Case] = [
        Case(
            from: "2026-03-31T14:00:00Z", amount: DurationAmount(days: -30), anchored: true,
            target: "2026-03-01T15:00:00Z"),
        Case(
            from: "2026-01-05T18:00:00Z", amount: DurationAmount(hours: -3), anchored: true,
            target: "2026-01-05T15:00:00Z"),
        Case(
            from: "2026-01-05T18:00:00Z", at: "08:00", anchored: true,
            target: "2026-01-05T13:00:00Z"),
        Case(
            from: "2026-01-05T18:00:00Z", amount: DurationAmount(days: -2), at: "14:00",
            anchored: true,
            target: "2026-01-03T19:00:00Z"),
        Case(
            from: "2026-01-05T18:00:00Z", amount: DurationAmount(hours: 2), at: "08:00",
            anchored: true,
            target: "2026-01-06T13:00:00Z"),
    ]

    @Test(arguments: anchored) func anchoredDelaysCountFromTheField(_ delay: Case) throws {
        try check(delay)
    }

    private static let dates: [Case] = [
        // 00:00 in London: summer time from 2026-03-29 on.
        Case(from: "2026-03-01", anchored: true, target: "2026-03-01T00:00:00Z"),
        Case(
            from: "2026-03-01", amount: DurationAmount(days: 30), anchored: true,
            target: "2026-03-30T23:00:00Z"),
        Case(
            from: "2026-03-01", amount: DurationAmount(hours: 9), anchored: true,
            target: "2026-03-01T09:00:00Z"),
        Case(
            from: "2026-03-01", amount: DurationAmount(days: 1), at: "10:00", anchored: true,
            target: "2026-03-02T15:00:00Z"),
        Case(
            from: "2026-03-01", at: "10:00", on: [.wed], anchored: true,
            target: "2026-03-04T15:00:00Z"),
        Case(from: "2026-03-01", on: [.mon], anchored: true, target: "2026-03-02T00:00:00Z"),
    ]

    @Test(arguments: dates) func aDateIsADayOfTheBusiness(_ delay: Case) throws { try check(delay) }

    @Test func staysWithinTheYearsThatAreAccepted() throws {
        try check(
            Case(
                from: "9999-12-30", amount: DurationAmount(weeks: 520), anchored: true,
                target: "9999-12-31T23:59:59.999Z"))
        try check(
            Case(
                from: "1970-01-02", amount: DurationAmount(weeks: -520), anchored: true,
                target: "1970-01-01T00:00:00Z"))
    }

    @Test func aSkippedDayEndsOnTheNextOne() throws {
        let apia = try #require(ZoneCalendar(identifier: "Pacific/Apia"))
        let from = try #require(Instant(rfc3339: "2011-12-29T22:00:00Z"))
        let rule = DelayRule(amount: DurationAmount(days: 1), on: [.fri])
        let target = DelayCalendar.target(
            of: rule, from: .instant(from), anchored: false, in: apia, businessZone: apia)
        // Friday, 2011-12-30 did not happen there: the next Friday is a week later.
        #expect(target.rfc3339 == "2012-01-05T22:00:00Z")
    }

    /// In Nuuk the clock goes forward from Saturday, 2026-03-28, 23:00 (-02:00), to Sunday, 00:00.
    @Test(arguments: [
        // 23:30 of Saturday is skipped, so that it falls to this very moment.
        ("2026-03-29T01:00:00Z", 0, "23:30", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:00:00.001Z", 0, "23:30", "2026-03-30T00:30:00Z"),
        // A day after Friday, 23:30, is Saturday, though that time is skipped on it.
        ("2026-03-28T01:30:00Z", 1, "10:00", "2026-03-28T12:00:00Z"),
    ])
    func midnightMayBeWhereClocksGoForward(
        _ from: String, _ days: Int, _ at: String, _ expected: String
    ) throws {
        let nuuk = try #require(ZoneCalendar(identifier: "America/Nuuk"))
        let anchor = Anchor.instant(try #require(Instant(rfc3339: from)))
        let rule = DelayRule(amount: DurationAmount(days: days), at: WallTime(text: at))
        let target = DelayCalendar.target(
            of: rule, from: anchor, anchored: false, in: nuuk, businessZone: nuuk)
        #expect(target.rfc3339 == expected)
    }

    private func check(_ delay: Case) throws {
        let zone = try #require(ZoneCalendar(identifier: "America/New_York"))
        let business = try #require(ZoneCalendar(identifier: "Europe/London"))
        let date = CalendarDate(iso: delay.from).map(Anchor.date)
        let anchor = try date ?? .instant(#require(Instant(rfc3339: delay.from)))
        let rule = DelayRule(
            amount: delay.amount, at: try delay.at.map { try #require(WallTime(text: $0)) },
            on: delay.on)
        let target = DelayCalendar.target(
            of: rule, from: anchor, anchored: delay.anchored, in: zone, businessZone: business)
        #expect(target.rfc3339 == delay.target)
    }
}
