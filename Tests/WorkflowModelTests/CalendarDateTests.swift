import Testing
import WorkflowModel

struct CalendarDateTests {
    @Test func countsEveryDayOfTenMillenniaInOrder() throws {
        var previous = try #require(CalendarDate(iso: "0001-01-01"))
        let last = try #require(CalendarDate(iso: "9999-12-31"))
        var broken = 0
        for days in (previous.daysSince1970 + 1)...last.daysSince1970 {
            let date = CalendarDate(daysSince1970: days)
            let isNextDay = date.month == previous.month && date.day == previous.day + 1
            let isNextMonth =
                date.day == 1 && previous.day >= 28 && date.month == previous.month % 12 + 1
            if date.daysSince1970 != days || !(isNextDay || isNextMonth) { broken += 1 }
            previous = date
        }
        #expect(broken == 0)
        #expect(previous == last)
    }

    @Test(arguments: [
        ("1970-01-01", 0, Weekday.thu), ("1969-12-31", -1, .wed), ("2000-02-29", 11_016, .tue),
        ("2026-03-01", 20_513, .sun), ("2026-03-02", 20_514, .mon), ("0001-01-01", -719_162, .mon),
    ])
    func knowsDays(_ text: String, _ days: Int, _ weekday: Weekday) throws {
        let date = try #require(CalendarDate(iso: text))
        #expect(date.daysSince1970 == days)
        #expect(date.weekday == weekday)
        #expect(date.iso == text)
    }

    @Test(arguments: [
        "", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-1-1", "20260301",
        "0000-01-01",
        "2026-03-01T", "-026-03-01", "2026-03-00",
    ])
    func refuses(_ text: String) {
        #expect(CalendarDate(iso: text) == nil)
    }

    @Test func movesOverMonthsAndYears() throws {
        let date = try #require(CalendarDate(iso: "2026-12-31"))
        #expect(date.adding(days: 1).iso == "2027-01-01")
        #expect(date.adding(days: -365).iso == "2025-12-31")
        #expect(date.adding(days: -1) < date)
    }

    @Test func readsWallTimes() {
        #expect(WallTime(text: "00:00")?.minutesOfDay == 0)
        #expect(WallTime(text: "23:59")?.text == "23:59")
        #expect(WallTime(text: "09:05")?.text == "09:05")
        for text in ["", "24:00", "10:60", "9:00", "10:00:00", "10.00", "1000", " 10:00"] {
            #expect(WallTime(text: text) == nil)
        }
    }

    @Test func addsPartsOfAmounts() {
        let amount = DurationAmount(weeks: 1, days: -2, hours: 3, minutes: -30)
        #expect(amount.calendarDays == 5)
        #expect(amount.elapsed == .minutes(150))
        #expect(amount.nominal == .minutes(5 * 1_440 + 150))
    }
}
