public import WorkflowModel

/// Moments as people read them.
public enum MomentText {
    /// `Mon 2026-03-02 10:00` on the clock of `zone`, or of UTC with `Z` behind it where there is none.
    public static func text(_ moment: Instant, in zone: ZoneCalendar?) -> String {
        let local = zone?.local(moment)
        let date = local?.date ?? utc(moment).date
        let time = local.map { ($0.hour, $0.minute) } ?? utc(moment).time
        return "\(day(date)) \(clock(time))" + (zone == nil ? "Z" : "")
    }

    /// The same for a moment by RFC 3339; the text itself where it is none.
    public static func text(rfc3339 text: String?, in zone: ZoneCalendar?) -> String {
        guard let text else { return "" }
        return Instant(rfc3339: text).map { self.text($0, in: zone) } ?? text.singleLine
    }

    /// The wall time that a moment by RFC 3339 with its offset shows: `Mon 2026-03-02 10:00`.
    public static func wallTime(rfc3339 text: String) -> String? {
        guard text.utf8.count >= 16, let date = CalendarDate(iso: String(text.prefix(10))) else {
            return nil
        }
        let time = text.dropFirst(11).prefix(5)
        return "\(day(date)) \(time)"
    }

    private static func day(_ date: CalendarDate) -> String {
        let name = date.weekday.rawValue
        return "\(name.prefix(1).uppercased())\(name.dropFirst()) \(date.iso)"
    }

    private static func utc(_ moment: Instant) -> (date: CalendarDate, time: (Int, Int)) {
        let minutes = Int((moment.milliseconds / 60_000) % 1_440)
        let days = Int(moment.milliseconds / 86_400_000)
        return (CalendarDate(daysSince1970: days), (minutes / 60, minutes % 60))
    }

    private static func clock(_ time: (Int, Int)) -> String {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(time.0)):\(two(time.1))"
    }
}
