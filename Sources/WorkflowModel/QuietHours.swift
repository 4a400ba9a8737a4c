/// The daily time in which nobody is to be disturbed, by the clock of the contact.
///
/// A moment is quiet when the wall clock shows `start` or later, or a time before `end` where the
/// period spans midnight. Equal `start` and `end`, or no `days`, mean that no moment is quiet.
public struct QuietHours: Hashable, Sendable {
    /// The time at which quiet begins; itself quiet.
    public var start: WallTime
    /// The time at which it ends, itself not quiet; on the next day where it is before `start`.
    public var end: WallTime
    /// The days on which a period begins.
    public var days: Set<Weekday>

    /// Quiet from `start` to `end` on the nights or days that begin on `days`.
    public init(start: WallTime, end: WallTime, days: Set<Weekday> = Set(Weekday.allCases)) {
        self.start = start
        self.end = end
        self.days = days
    }
}
