import WorkflowModel

/// What a calendar has to know of a time zone around one moment: its VTIMEZONE (RFC 5545, section 3.6.5).
///
/// Each switch from the year before to the year behind stands there by itself, so that it is exact
/// also where a zone follows no yearly rule.
struct ZoneRules {
    /// A switch of the wall clock.
    struct Onset: Hashable {
        let at: Instant
        let from: Int
        let to: Int
    }

    let zone: ZoneCalendar
    private let onsets: [Onset]

    /// The rules of `zone` around `moment`.
    init(_ zone: ZoneCalendar, around moment: Instant) {
        self.zone = zone
        let start = moment - .hours(24 * 366)
        var onsets = ZoneRules.onsets(of: zone, from: start, to: moment + .hours(24 * 366))
        if onsets.first.map({ $0.at > moment }) ?? true {
            // Nothing has changed for long: some rule has to hold at the moment all the same.
            let offset = zone.offset(at: start)
            onsets.insert(Onset(at: start, from: offset, to: offset), at: 0)
        }
        self.onsets = onsets
    }

    private static func onsets(of zone: ZoneCalendar, from start: Instant, to end: Instant)
        -> [Onset]
    {
        var onsets: [Onset] = []
        var stretch = zone.stretch(at: start)
        while stretch.end < end {
            let next = zone.stretch(at: stretch.end)
            if next.offset != stretch.offset {
                onsets.append(Onset(at: stretch.end, from: stretch.offset, to: next.offset))
            }
            stretch = next
        }
        return onsets
    }

    /// The component, from BEGIN to END.
    var lines: [ContentLine] {
        [ContentLine("BEGIN", "VTIMEZONE"), ContentLine("TZID", zone.identifier)]
            + onsets.flatMap(ZoneRules.lines) + [ContentLine("END", "VTIMEZONE")]
    }

    private static func lines(_ onset: Onset) -> [ContentLine] {
        let kind = onset.to > onset.from ? "DAYLIGHT" : "STANDARD"
        return [
            ContentLine("BEGIN", kind),
            // The wall clock before the switch shows this moment.
            ContentLine("DTSTART", onset.at.calendarText(offset: onset.from)),
            ContentLine("TZOFFSETFROM", offsetText(onset.from)),
            ContentLine("TZOFFSETTO", offsetText(onset.to)),
            ContentLine("END", kind),
        ]
    }

    /// An offset as `+0530` or `-034030` (RFC 5545, section 3.3.14).
    static func offsetText(_ offset: Int) -> String {
        let seconds = abs(offset)
        let parts =
            [seconds / 3_600, seconds / 60 % 60] + (seconds % 60 == 0 ? [] : [seconds % 60])
        return (offset < 0 ? "-" : "+") + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    }
}

extension Instant {
    /// The moment as `20260301T100000` by a clock that is `offset` seconds ahead of UTC, to the second.
    func calendarText(offset: Int = 0) -> String {
        let (quotient, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let seconds = (rest < 0 ? quotient - 1 : quotient) + Int64(offset)
        return String(
            Instant(milliseconds: seconds * 1_000).rfc3339.filter { $0 != "-" && $0 != ":" }
                .dropLast())
    }
}
