import Testing
import WorkflowEngine
import WorkflowModel

struct QuietHoursTests {
    private static let boundaries: [(String, String, String, String?)] = [
        ("2026-01-05T19:59:59.999Z", "20:00", "09:00", nil),
        ("2026-01-05T20:00:00Z", "20:00", "09:00", "2026-01-06T09:00:00Z"),
        ("2026-01-06T00:00:00Z", "20:00", "09:00", "2026-01-06T09:00:00Z"),
        ("2026-01-06T08:59:59.999Z", "20:00", "09:00", "2026-01-06T09:00:00Z"),
        ("2026-01-06T09:00:00Z", "20:00", "09:00", nil),
        ("2026-01-06T12:30:00Z", "12:00", "13:00", "2026-01-06T13:00:00Z"),
        ("2026-01-06T13:00:00Z", "12:00", "13:00", nil),
        ("2026-01-06T23:59:00Z", "22:00", "00:00", "2026-01-07T00:00:00Z"),
        ("2026-01-06T00:00:00Z", "00:00", "06:00", "2026-01-06T06:00:00Z"),
        ("2026-01-06T12:00:00Z", "12:00", "12:00", nil),
    ]

    @Test(arguments: boundaries)
    func includesTheStartAndExcludesTheEnd(
        _ at: String, _ start: String, _ end: String, _ expected: String?
    ) throws {
        #expect(try self.end(at, start, end, zone: "UTC") == expected)
    }

    private static let fridayNights: [(String, String?)] = [
        // 2026-01-09 is a Friday, on which the night's period begins.
        ("2026-01-09T21:00:00Z", "2026-01-10T09:00:00Z"),
        ("2026-01-10T08:00:00Z", "2026-01-10T09:00:00Z"),
        ("2026-01-10T21:00:00Z", nil), ("2026-01-11T08:00:00Z", nil), ("2026-01-09T08:00:00Z", nil),
    ]

    @Test(arguments: fridayNights)
    func aPeriodBelongsToTheDayOnWhichItBegins(_ at: String, _ expected: String?) throws {
        #expect(try end(at, "20:00", "09:00", [.fri], zone: "UTC") == expected)
    }

    private static let switches: [(String, String, String, String?)] = [
        // New York, 2026-03-08: 02:00 to 03:00 is skipped.
        ("2026-03-08T02:00:00Z", "20:00", "09:00", "2026-03-08T13:00:00Z"),
        ("2026-03-08T06:30:00Z", "01:00", "02:30", "2026-03-08T07:00:00Z"),
        ("2026-03-08T06:59:00Z", "02:00", "03:00", nil),
        ("2026-03-08T07:00:00Z", "02:00", "03:00", nil),
        // Quiet but for 02:30 to 03:00, which does not happen: two periods join.
        ("2026-03-08T06:00:00Z", "03:00", "02:30", "2026-03-09T06:30:00Z"),
        // 2026-11-01: 01:00 to 02:00 happens twice.
        ("2026-11-01T02:00:00Z", "20:00", "09:00", "2026-11-01T14:00:00Z"),
        ("2026-11-01T05:10:00Z", "01:00", "01:30", "2026-11-01T05:30:00Z"),
        ("2026-11-01T05:45:00Z", "01:00", "01:30", nil),
        ("2026-11-01T06:10:00Z", "01:00", "01:30", "2026-11-01T06:30:00Z"),
        ("2026-11-01T05:40:00Z", "01:30", "02:30", "2026-11-01T06:00:00Z"),
    ]

    @Test(arguments: switches)
    func followsTheWallClockOverSwitches(
        _ at: String, _ start: String, _ end: String, _ expected: String?
    ) throws {
        #expect(try self.end(at, start, end, zone: "America/New_York") == expected)
    }

    private static let spans: [(String, String, Int64)] = [
        ("2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z", 0),
        ("2026-01-06T12:00:00Z", "2026-01-05T12:00:00Z", 0),
        ("2026-01-05T12:00:00Z", "2026-01-05T20:00:00Z", 0),
        ("2026-01-05T12:00:00Z", "2026-01-05T20:00:00.001Z", 1),
        ("2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z", 46_800_000),
        ("2026-01-05T22:00:00Z", "2026-01-06T03:00:00Z", 18_000_000),
        ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 17_082_000_000),
    ]

    @Test(arguments: spans)
    func sumsWhatIsQuiet(_ from: String, _ to: String, _ milliseconds: Int64) throws {
        let hours = try hours("20:00", "09:00")
        let zone = try #require(ZoneCalendar(identifier: "UTC"))
        let (from, to) = (try #require(Instant(rfc3339: from)), try #require(Instant(rfc3339: to)))
        #expect(hours.held(from: from, to: to, in: zone).milliseconds == milliseconds)
        let never = QuietHours(start: hours.start, end: hours.start)
        #expect(never.held(from: from, to: to, in: zone) == .zero)
    }

    @Test func noDaysMeanNeverQuiet() throws {
        #expect(try end("2026-01-05T23:00:00Z", "20:00", "09:00", [], zone: "UTC") == nil)
    }

    private func hours(
        _ start: String, _ end: String, _ days: Set<Weekday> = Set(Weekday.allCases)
    ) throws -> QuietHours {
        QuietHours(
            start: try #require(WallTime(text: start)), end: try #require(WallTime(text: end)),
            days: days)
    }

    private func end(
        _ at: String, _ start: String, _ end: String, _ days: Set<Weekday> = Set(Weekday.allCases),
        zone: String
    ) throws -> String? {
        let calendar = try #require(ZoneCalendar(identifier: zone))
        let instant = try #require(Instant(rfc3339: at))
        return try hours(start, end, days).end(ifQuietAt: instant, in: calendar)?.rfc3339
    }
}
