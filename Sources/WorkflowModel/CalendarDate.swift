/// A day of the Gregorian calendar, without a time and a zone.
public struct CalendarDate: Hashable, Comparable, Sendable {
    /// The year, such as 2026.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// The day with these parts, or nil where the calendar has none such or the year is not 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        self.init(uncheckedYear: year, month: month, day: day)
        guard CalendarDate(daysSince1970: daysSince1970) == self else { return nil }
    }

    private init(uncheckedYear year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that lies `days` after 1970-01-01.
    ///
    /// Algorithm: `civil_from_days`, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    public init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            uncheckedYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// How many days it lies after 1970-01-01.
    ///
    /// Algorithm: `days_from_civil`, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day of the week.
    public var weekday: Weekday {
        let index = (daysSince1970 + 3) % 7
        return Weekday.allCases[index < 0 ? index + 7 : index]
    }

    /// The day `days` later, or earlier where negative.
    public func adding(days: Int) -> CalendarDate {
        CalendarDate(daysSince1970: daysSince1970 + days)
    }

    /// Orders from the lesser to the greater.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

/// A day of the week, named as definitions name it.
public enum Weekday: String, CaseIterable, Hashable, Sendable {
    case mon, tue, wed, thu, fri, sat, sun
}

/// A time of day by the clock on the wall, to the minute.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Minutes since midnight, 0 to 1439.
    public let minutesOfDay: Int

    /// The time `hour`:`minute`, or nil where there is none such.
    public init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        minutesOfDay = hour * 60 + minute
    }

    /// 0 to 23.
    public var hour: Int { minutesOfDay / 60 }
    /// 0 to 59.
    public var minute: Int { minutesOfDay % 60 }

    /// Orders from the lesser to the greater.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.minutesOfDay < right.minutesOfDay
    }
}

/// The length of a delay as its author wrote it: calendar weeks and days, elapsed hours and minutes.
///
/// The parts are negative where a delay lies before its anchor.
public struct DurationAmount: Hashable, Sendable {
    /// Calendar weeks.
    public var weeks: Int
    /// Calendar days.
    public var days: Int
    /// Elapsed hours.
    public var hours: Int
    /// Elapsed minutes.
    public var minutes: Int

    /// A length of the given parts.
    public init(weeks: Int = 0, days: Int = 0, hours: Int = 0, minutes: Int = 0) {
        self.weeks = weeks
        self.days = days
        self.hours = hours
        self.minutes = minutes
    }

    /// The calendar part in days.
    public var calendarDays: Int { weeks * 7 + days }
    /// The elapsed part.
    public var elapsed: TimeSpan { .minutes(hours * 60 + minutes) }
    /// The length as elapsed time, a day taken as 24 hours.
    public var nominal: TimeSpan { .hours(calendarDays * 24) + elapsed }
}
