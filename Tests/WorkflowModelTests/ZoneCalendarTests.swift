import Testing
import WorkflowModel

struct ZoneCalendarTests {
    @Test func knowsZones() {
        #expect(ZoneCalendar.hasZoneData)
        for name in [
            "America/New_York", "UTC", "Etc/UTC", "GMT", "Europe/London", "Asia/Kathmandu",
            "US/Eastern", "America/Argentina/Buenos_Aires", "Etc/GMT+5",
        ] {
            #expect(ZoneCalendar(identifier: name) != nil, "\(name)")
        }
    }

    @Test(arguments: [
        "", " ", "Nowhere/City", "America/", "america/new_york", "GMT+5", "GMT+0500", "UTC+3",
        "EST",
        "PST", "IST", "Eastern Time", "../etc/passwd", "America/New_York ", "+05:00", "Z",
    ])
    func refuses(_ name: String) {
        #expect(ZoneCalendar(identifier: name) == nil)
    }

    /// From `zdump -v`: the last second before a switch, the first after it, and what the clock shows.
    @Test(arguments: [
        ("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59", -18_000),
        ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00", -14_400),
        ("America/New_York", "2026-11-01T05:59:59Z", "2026-11-01T01:59:59", -14_400),
        ("America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:00:00", -18_000),
        ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59", 39_600),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00", 37_800),
        ("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00", 20_700),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59", -36_000),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00", 50_400),
        ("Europe/London", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00", 3_600),
        ("Europe/London", "9999-07-01T00:00:00Z", "9999-07-01T01:00:00", 3_600),
    ])
    func showsTheWallClock(_ zone: String, _ at: String, _ shown: String, _ offset: Int) throws {
        let calendar = try #require(ZoneCalendar(identifier: zone))
        let instant = try #require(Instant(rfc3339: at))
        #expect(calendar.offset(at: instant) == offset)
        #expect(calendar.local(instant) == (try local(shown)))
    }

    @Test(arguments: [
        ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z"),  // skipped
        ("America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z"),
        ("America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"),  // twice
        ("America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"),  // half an hour
        ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"),
        ("America/Havana", "2026-03-08T00:30:00", "2026-03-08T05:00:00Z"),  // at midnight
        ("America/Havana", "2026-11-01T00:30:00", "2026-11-01T04:30:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T10:00:00Z"),  // a whole day
        ("Pacific/Kiritimati", "2026-01-01T00:00:00", "2025-12-31T10:00:00Z"),
        ("Etc/GMT+12", "2026-01-01T00:00:00", "2026-01-01T12:00:00Z"),
    ])
    func findsTheMoment(_ zone: String, _ shown: String, _ at: String) throws {
        let calendar = try #require(ZoneCalendar(identifier: zone))
        #expect(calendar.instant(of: try local(shown)).rfc3339 == at)
    }

    @Test func keepsMilliseconds() throws {
        let calendar = try #require(ZoneCalendar(identifier: "Asia/Kolkata"))
        for milliseconds in [1_772_359_200_123, -1, -86_400_001] as [Int64] {
            let instant = Instant(milliseconds: milliseconds)
            #expect(calendar.instant(of: calendar.local(instant)) == instant)
        }
    }

    @Test func survivesMoreDatesThanItRemembers() throws {
        let calendar = try #require(ZoneCalendar(identifier: "Europe/Berlin"))
        for year in stride(from: 1_970, through: 9_000, by: 1) {
            let date = try #require(CalendarDate(year: year, month: 1, day: 15))
            let noon = try #require(WallTime(hour: 12, minute: 0))
            let expected = Int64(date.daysSince1970 * 24 + 11) * 3_600_000
            try #require(calendar.instant(of: date, at: noon).milliseconds == expected)
        }
    }

    @Test func directoryGivesTheSameClock() throws {
        let zones = ZoneDirectory()
        #expect(zones.calendar("Europe/Berlin")?.identifier == "Europe/Berlin")
        #expect(zones.calendar("Europe/Berlin") != nil)
        #expect(zones.calendar("Europe/Atlantis") == nil)
    }

    private func local(_ text: String) throws -> LocalTime {
        let parts = text.split(separator: "T").map(String.init)
        let date = try #require(CalendarDate(iso: parts[0]))
        let clock = parts[1].split(separator: ":").compactMap { Int($0) }
        let second = (clock[0] * 60 + clock[1]) * 60 + clock[2]
        return LocalTime(date: date, millisecondOfDay: second * 1_000)
    }
}
