public import WorkflowModel

extension QuietHours {
    /// The first moment at or after `instant` that is not quiet by the wall clock of `zone`; nil where
    /// `instant` itself is not quiet.
    ///
    /// What the wall clock shows is decisive: while a switch of the clock repeats an hour of quiet, that
    /// is quiet again.
    public func end(ifQuietAt instant: Instant, in zone: ZoneCalendar) -> Instant? {
        var walk = QuietWalk(self, from: instant, in: zone)
        guard walk.isQuiet else { return nil }
        repeat { walk.advance() } while walk.isQuiet
        return walk.position
    }

    /// How much of the time from `start` up to but not including `end` is quiet by the wall clock of
    /// `zone`; nothing where `end` is not after `start`.
    public func held(from start: Instant, to end: Instant, in zone: ZoneCalendar) -> TimeSpan {
        guard start < end, canBeQuiet else { return .zero }
        var held = TimeSpan.zero
        var walk = QuietWalk(self, from: start, in: zone)
        while walk.position < end {
            let (from, wasQuiet) = (walk.position, walk.isQuiet)
            walk.advance()
            if wasQuiet { held = held + (min(walk.position, end) - from) }
        }
        return held
    }

    fileprivate var canBeQuiet: Bool { start != end && !days.isEmpty }
}

/// Walks through time from one change of the wall clock or of quiet to the next.
private struct QuietWalk {
    private static let day = Int64(86_400_000)

    private let zone: ZoneCalendar
    /// Milliseconds of the day.
    private let start: Int64
    private let end: Int64
    /// A bit for each weekday on which a period begins, Monday's lowest.
    private let days: UInt8

    private(set) var position: Instant
    private(set) var isQuiet = false
    private var next: Instant

    init(_ hours: QuietHours, from position: Instant, in zone: ZoneCalendar) {
        self.zone = zone
        self.position = position
        next = position
        start = Int64(hours.start.minutesOfDay) * 60_000
        end = Int64(hours.end.minutesOfDay) * 60_000
        days = hours.canBeQuiet ? QuietWalk.bits(of: hours.days) : 0
        look()
    }

    mutating func advance() {
        position = next
        look()
    }

    /// Sets whether the position is quiet, and up to when that is certain.
    private mutating func look() {
        let stretch = zone.stretch(at: position)
        let offset = Int64(stretch.offset) * 1_000
        let clock = position.milliseconds + offset
        let day = floorDivide(clock, QuietWalk.day)
        let time = clock - day * QuietWalk.day
        isQuiet = isQuiet(time, of: day)
        let change = day * QuietWalk.day + nextChange(after: time)
        next = min(stretch.end, Instant(milliseconds: change - offset))
    }

    private func isQuiet(_ time: Int64, of day: Int64) -> Bool {
        if start < end { return start <= time && time < end && begins(on: day) }
        return time >= start && begins(on: day) || time < end && begins(on: day - 1)
    }

    private func begins(on day: Int64) -> Bool {
        // 1970-01-01, day 0, was a Thursday.
        days >> (day + 3 - floorDivide(day + 3, 7) * 7) & 1 == 1
    }

    private static func bits(of days: Set<Weekday>) -> UInt8 {
        guard days.count < 7 else { return 0b111_1111 }
        return Weekday.allCases.enumerated().reduce(0) { bits, day in
            days.contains(day.element) ? bits | 1 << day.offset : bits
        }
    }

    /// The next time of day, or midnight, at which quiet may begin or end.
    private func nextChange(after time: Int64) -> Int64 {
        let (first, second) = (min(start, end), max(start, end))
        return time < first ? first : time < second ? second : QuietWalk.day
    }

    private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
