import Testing
import WorkflowModel

@testable import CallReminderChannel

@Suite struct ZoneRulesTests {
    private func text(_ zone: String, _ moment: String) throws -> [String] {
        let calendar = try #require(ZoneCalendar(identifier: zone))
        let instant = try #require(Instant(rfc3339: moment))
        return ZoneRules(calendar, around: instant).lines.map { "\($0.name):\($0.value)" }
    }

    @Test func switchesOfTheYearsAround() throws {
        let lines = try text("America/New_York", "2026-06-01T00:00:00Z")
        #expect(lines.prefix(2) == ["BEGIN:VTIMEZONE", "TZID:America/New_York"])
        #expect(
            lines.filter { $0.hasPrefix("DTSTART") } == [
                "DTSTART:20251102T020000", "DTSTART:20260308T020000", "DTSTART:20261101T020000",
                "DTSTART:20270314T020000",
            ])
        #expect(lines[7...11].joined(separator: " ").contains("BEGIN:DAYLIGHT"))
        #expect(lines[7...11].joined(separator: " ").contains("TZOFFSETTO:-0400"))
        #expect(lines.last == "END:VTIMEZONE")
    }

    @Test func aZoneWithoutSwitchesHasOneRule() throws {
        let lines = try text("Asia/Kolkata", "2026-06-01T00:00:00Z")
        #expect(lines.filter { $0.hasPrefix("BEGIN") } == ["BEGIN:VTIMEZONE", "BEGIN:STANDARD"])
        #expect(lines.contains("TZOFFSETFROM:+0530") && lines.contains("TZOFFSETTO:+0530"))
    }

    @Test func halfAnHour() throws {
        let lines = try text("Australia/Lord_Howe", "2026-01-01T00:00:00Z")
        #expect(lines.contains("TZOFFSETTO:+1030") && lines.contains("TZOFFSETTO:+1100"))
    }

    @Test(arguments: [
        (0, "+0000"), (19_800, "+0530"), (-34_200, "-0930"), (-12_630, "-033030"),
        (50_400, "+1400"),
    ])
    func offsets(_ seconds: Int, _ expected: String) {
        #expect(ZoneRules.offsetText(seconds) == expected)
    }

    @Test func theSecondOfTwoHoursIsToldInUTC() throws {
        let first = try #require(Instant(rfc3339: "2026-11-01T05:30:00Z"))
        let line = CalendarMoment(first, zone: "America/New_York").line("DUE")
        #expect(line.name == "DUE;TZID=America/New_York" && line.value == "20261101T013000")
        let second = CalendarMoment(first + .hours(1), zone: "America/New_York").line("DUE")
        #expect(second.name == "DUE" && second.value == "20261101T063000Z")
    }

    @Test func anEndBehindASwitch() throws {
        let start = try #require(Instant(rfc3339: "2026-11-01T05:50:00Z"))
        let moment = CalendarMoment(start, zone: "America/New_York")
        #expect(moment.line("DTEND", later: .minutes(15)).value == "20261101T060500Z")
        let behind = moment.line("DTEND", later: .minutes(75))
        #expect(behind.name == "DTEND;TZID=America/New_York" && behind.value == "20261101T020500")
    }
}
