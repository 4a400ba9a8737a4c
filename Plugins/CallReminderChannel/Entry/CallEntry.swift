import WorkflowModel

/// An event or a to-do with an alarm, as the staff's calendar gets it (RFC 5545).
struct CallEntry {
    /// What kind of entry it is.
    enum Kind: String, CaseIterable, Hashable, Sendable {
        case event, todo

        /// The component's name.
        var component: String { self == .event ? "VEVENT" : "VTODO" }
    }

    /// The shape that all entries of a configuration have.
    struct Shape: Hashable, Sendable {
        var kind = Kind.todo
        /// How long an event takes.
        var length = TimeSpan.minutes(15)
        /// How long after the handing over the call is due.
        var lead = TimeSpan.zero
        /// How long before that the alarm rings.
        var alarm = TimeSpan.zero
    }

    let name: EntryName
    let shape: Shape
    /// When it was handed over.
    let stamp: Instant
    let text: ReminderText

    private var due: CalendarMoment { text.due }

    /// The whole iCalendar object in UTF-8.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for line in lines { line.write(to: &bytes) }
        return bytes
    }

    private var lines: [ContentLine] {
        [
            ContentLine("BEGIN", "VCALENDAR"), ContentLine("VERSION", "2.0"),
            ContentLine("PRODID", "-//Workflows//CallReminderChannel//EN"),
        ] + (due.rules?.lines ?? []) + [ContentLine("BEGIN", shape.kind.component)] + identity
            + time + content + alarm + [
                ContentLine("END", shape.kind.component), ContentLine("END", "VCALENDAR"),
            ]
    }

    private var identity: [ContentLine] {
        let stamp = stamp.calendarText() + "Z"
        return [
            ContentLine("UID", name.uid), ContentLine("DTSTAMP", stamp),
            ContentLine("CREATED", stamp), ContentLine("SEQUENCE", "0"),
        ]
    }

    private var time: [ContentLine] {
        switch shape.kind {
        case .event:
            [
                due.line("DTSTART"), due.line("DTEND", later: shape.length),
                ContentLine("STATUS", "CONFIRMED"),
                // A reminder takes nobody's free time away.
                ContentLine("TRANSP", "TRANSPARENT"),
            ]
        case .todo: [due.line("DUE"), ContentLine("STATUS", "NEEDS-ACTION")]
        }
    }

    private var content: [ContentLine] {
        let call = text.telephoneLink.map { [ContentLine("URL", $0)] } ?? []
        return [
            ContentLine("SUMMARY", text: text.summary),
            ContentLine("DESCRIPTION", text: text.description), ContentLine("CATEGORIES", "Call"),
        ] + call
    }

    /// An alarm on DUE is related to the entry's end (RFC 5545, section 3.8.6.3); its own UID lets
    /// clients tell that it was dismissed (RFC 9074, section 4).
    private var alarm: [ContentLine] {
        let minutes = shape.alarm.milliseconds / 60_000
        return [
            ContentLine("BEGIN", "VALARM"), ContentLine("UID", "\(name.uid)-alarm"),
            ContentLine("ACTION", "DISPLAY"),
            ContentLine(
                shape.kind == .todo ? "TRIGGER;RELATED=END" : "TRIGGER",
                minutes == 0 ? "PT0S" : "-PT\(minutes)M"),
            ContentLine("DESCRIPTION", text: text.alarm), ContentLine("END", "VALARM"),
        ]
    }
}
