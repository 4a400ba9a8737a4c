import WorkflowModel

/// How moments are told to people: by the wall clock of a zone, or of UTC where the zone is not known.
struct WallClock {
    private let zone: ZoneCalendar?

    /// The clock of the zone called `identifier`.
    init(_ identifier: String?) { zone = identifier.flatMap(ZoneCalendar.init(identifier:)) }

    /// Whether the zone is known.
    var isKnown: Bool { zone != nil }

    /// How many seconds the clock is ahead of UTC at `moment`.
    func offset(at moment: Instant) -> Int { zone?.offset(at: moment) ?? 0 }

    /// `Tue 2026-03-03 10:00`.
    func text(_ moment: Instant) -> String {
        let clock = (moment + .seconds(offset(at: moment))).rfc3339
        let day = clock.prefix(10)
        let weekday = CalendarDate(iso: String(day)).map { WallClock.name($0.weekday) + " " } ?? ""
        return "\(weekday)\(day) \(clock.dropFirst(11).prefix(5))"
    }

    /// `Tue 2026-03-03 10:00 (America/New_York)`.
    func textWithZone(_ moment: Instant) -> String {
        "\(text(moment)) (\(zone?.identifier ?? "UTC"))"
    }

    private static func name(_ day: Weekday) -> String {
        switch day {
        case .mon: "Mon"
        case .tue: "Tue"
        case .wed: "Wed"
        case .thu: "Thu"
        case .fri: "Fri"
        case .sat: "Sat"
        case .sun: "Sun"
        }
    }
}
