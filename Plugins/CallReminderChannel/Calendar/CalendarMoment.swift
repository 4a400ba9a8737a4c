import WorkflowModel

/// A moment as a calendar shows it: by the wall clock of a zone where that is clear, else in UTC.
struct CalendarMoment {
    let instant: Instant
    /// The rules of the zone that it is told in; nil for UTC.
    let rules: ZoneRules?

    /// `instant` in the zone called `identifier`; in UTC where that is nil or no name of a zone.
    ///
    /// A wall clock time that happens twice stands for its first occurrence (RFC 5545, section
    /// 3.3.5): the second can only be told in UTC.
    init(_ instant: Instant, zone identifier: String?) {
        self.instant = instant
        guard let zone = identifier.flatMap(ZoneCalendar.init(identifier:)),
            zone.identifier != "UTC", zone.instant(of: zone.local(instant)) == instant
        else {
            rules = nil
            return
        }
        rules = ZoneRules(zone, around: instant)
    }

    /// Property `name` with this moment, or with one `later`, which is told in UTC where it has to be.
    func line(_ name: String, later: TimeSpan = .zero) -> ContentLine {
        let moment = instant + later
        guard let zone = rules?.zone, zone.instant(of: zone.local(moment)) == moment else {
            return ContentLine(name, moment.calendarText() + "Z")
        }
        return ContentLine(
            "\(name);TZID=\(zone.identifier)",
            moment.calendarText(offset: zone.offset(at: moment)))
    }
}
