import Testing

@testable import CallReminderChannel

@Suite struct EntryStateTests {
    private func state(_ lines: [String], component: String = "VTODO", end: String = "\r\n")
        -> EntryState?
    {
        let text =
            ["BEGIN:VCALENDAR", "BEGIN:\(component)", "UID:mine"] + lines + [
                "END:\(component)", "END:VCALENDAR", "",
            ]
        return EntryState(uid: "mine", in: Array(text.joined(separator: end).utf8))
    }

    @Test(arguments: [
        (["STATUS:NEEDS-ACTION"], EntryState.open), ([], .open), (["STATUS:IN-PROCESS"], .open),
        (["STATUS:COMPLETED"], .completed), (["status:completed"], .completed),
        (["PERCENT-COMPLETE:100", "STATUS:IN-PROCESS"], .completed),
        (["PERCENT-COMPLETE:50"], .open), (["COMPLETED:20260302T160000Z"], .completed),
        // Taken back: some clients leave the old moment.
        (["COMPLETED:20260302T160000Z", "STATUS:NEEDS-ACTION"], .open),
        (["STATUS:CANCELLED"], .cancelled), (["STATUS;X-A=\"b:c\":CANCELLED"], .open),
        (["STATUS;X-A=b:CANCELLED"], .cancelled), (["STA", " TUS:CANCELLED"], .cancelled),
        (["SUMMARY:DONE STATUS:COMPLETED"], .open), (["DESCRIPTION:x\\nSTATUS:COMPLETED"], .open),
        (["BEGIN:VALARM", "STATUS:COMPLETED", "UID:other", "END:VALARM"], .open),
    ])
    func read(_ lines: [String], _ expected: EntryState) {
        #expect(state(lines) == expected)
        #expect(state(lines, end: "\n") == expected)
    }

    @Test func anothersEntryIsNone() {
        #expect(EntryState(uid: "other", in: Array("BEGIN:VCALENDAR\r\n".utf8)) == nil)
        #expect(EntryState(uid: "mine", in: [0xFF, 0x0A, 0x00]) == nil)
        #expect(state(["RECURRENCE-ID:20260302T160000Z", "STATUS:CANCELLED"]) == nil)
        #expect(state(["STATUS:CANCELLED"], component: "VJOURNAL") == nil)
    }
}
