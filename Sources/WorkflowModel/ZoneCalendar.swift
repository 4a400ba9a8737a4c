/// The wall clock of one IANA time zone.
///
/// It remembers the offsets that it has looked up. Confined to one thread; copies share that memory.
public struct ZoneCalendar {
    /// The name of the zone, such as `America/New_York`.
    public let identifier: String
    private let offsets: ZoneOffsets

    /// The clock of the zone `identifier`, or nil where that is no name of the IANA time zone database.
    ///
    /// Refused as well are `GMT+5` and abbreviations such as `EST` and `IST`, which say less than they
    /// seem to: the one knows no daylight saving time, the other stands for several zones.
    public init?(identifier: String) {
        guard let offsets = ZoneOffsets(identifier: identifier) else { return nil }
        self.identifier = identifier
        self.offsets = offsets
    }

    /// Whether the zone database is there, which a statically linked program may lack.
    public static var hasZoneData: Bool {
        guard let zone = ZoneCalendar(identifier: "America/New_York") else { return false }
        let winter = Instant(milliseconds: 1_767_225_600_000)
        let summer = Instant(milliseconds: 1_782_864_000_000)
        return zone.offset(at: winter) == -18_000 && zone.offset(at: summer) == -14_400
    }

    /// How many seconds the wall clock is ahead of UTC at `instant`; negative west of Greenwich.
    public func offset(at instant: Instant) -> Int { stretch(at: instant).offset }

    /// What the wall clock shows at `instant`.
    public func local(_ instant: Instant) -> LocalTime {
        LocalTime(clockMilliseconds: instant.milliseconds + Int64(offset(at: instant)) * 1_000)
    }

    /// The moment at which the wall clock first shows `local`, or jumps over it.
    ///
    /// A time that happens twice is its first occurrence. One that a switch skips is the first moment
    /// behind the switch.
    public func instant(of local: LocalTime) -> Instant {
        let clock = local.clockMilliseconds
        // No wall clock differs from UTC by so much.
        var start = Instant(milliseconds: clock) - .hours(26)
        while true {
            let stretch = stretch(at: start)
            let moment = Instant(milliseconds: clock - Int64(stretch.offset) * 1_000)
            if moment < stretch.end { return max(moment, start) }
            start = stretch.end
        }
    }

    /// The moment at which the wall clock first shows `time` on `date`; see ``instant(of:)``.
    public func instant(of date: CalendarDate, at time: WallTime) -> Instant {
        instant(of: LocalTime(date, time))
    }

    /// A time during which the wall clock runs in step with UTC.
    public struct Stretch: Hashable, Sendable {
        /// How many seconds the wall clock is ahead of UTC.
        public let offset: Int
        /// The first moment for which this is not known to hold: a switch, or just the end of what
        /// was looked up in one go.
        public let end: Instant
    }

    /// The offset at `instant`, and up to when it is known to last.
    public func stretch(at instant: Instant) -> Stretch {
        // An arithmetic shift and a remainder that is made positive round down before 1970 as well.
        let (quotient, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let found = offsets.lookUp(rest < 0 ? quotient - 1 : quotient)
        return Stretch(offset: found.offset, end: Instant(milliseconds: found.end * 1_000))
    }
}

/// The clocks of all zones that were asked for by name, so that each is set up once.
///
/// Confined to one thread.
public final class ZoneDirectory {
    private var calendars: [String: ZoneCalendar] = [:]

    /// An empty directory.
    public init() {}

    /// The clock of the zone `identifier`, or nil where there is no such zone.
    public func calendar(_ identifier: String) -> ZoneCalendar? {
        if let calendar = calendars[identifier] { return calendar }
        let calendar = ZoneCalendar(identifier: identifier)
        // Bounded by itself: only names of real zones are kept, some six hundred.
        calendars[identifier] = calendar
        return calendar
    }
}
