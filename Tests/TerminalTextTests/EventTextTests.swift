import JSONLines
import TerminalText
import Testing
import WorkflowModel

@Suite struct EventTextTests {
    @Test(arguments: [
        (
            #"{"type":"message.sent","channel":"sms","step":"a","content":{"text":"Hi\nAnn"}}"#,
            "sms sent: Hi Ann"
        ),
        (#"{"type":"message.delivered","channel":"sms","step":"a"}"#, "sms delivered: a"),
        (#"{"type":"message.held","step":"a","reason":"quiet_hours"}"#, "a waits: quiet_hours"),
        (#"{"type":"message.skipped","step":"a","reason":"late"}"#, "a skipped: late"),
        (
            #"{"type":"message.failed","channel":"sms","step":"a","reason":"no such number"}"#,
            "sms failed: a, no such number"
        ),
        (#"{"type":"message.unknown","channel":"sms","step":"a"}"#, "sms unknown: a"),
        (#"{"type":"step.executed","kind":"branch","step":"b","path":"yes"}"#, "b: path \"yes\""),
        (#"{"type":"enrollment.exited","exit":"booked"}"#, "left: booked"),
        (#"{"type":"enrollment.unenrolled"}"#, "was taken out"),
        (#"{"type":"signal.received","signal":"sms.replied"}"#, "signal sms.replied"),
        (#"{"type":"contact.suppressed"}"#, "opted out of all channels"),
        (#"{"type":"flag.raised","flag":"collections","note":"call"}"#, "flag collections (call)"),
        (
            #"{"type":"workflow.state_changed","from":"draft","to":"active"}"#,
            "workflow draft -> active"
        ),
        (
            #"{"type":"inbound.unmatched","channel":"sms","kind":"opt_out"}"#,
            "sms: opt_out of somebody unknown"
        ),
        (#"{"type":"history.purged"}"#, "history.purged"),
        (#"{"type":"new.thing"}"#, "new.thing"),
    ])
    func inWords(event: String, words: String) throws {
        #expect(EventText.words(try JSON(parsing: event)) == words)
    }

    @Test(arguments: [
        ("America/New_York", "Mon 2026-03-02 10:00"), ("Asia/Kolkata", "Mon 2026-03-02 20:30"),
        (nil, "Mon 2026-03-02 15:00Z"),
    ])
    func moments(zone: String?, text: String) {
        let zone = zone.flatMap(ZoneCalendar.init(identifier:))
        #expect(MomentText.text(rfc3339: "2026-03-02T15:00:00Z", in: zone) == text)
        #expect(MomentText.text(rfc3339: "soon", in: zone) == "soon")
    }

    @Test(arguments: [
        (
            #"{"kind":"delay","for":{"days":1,"hours":2},"at":"10:00","on":["mon","tue"]}"#,
            "wait 1 day 2 hours at 10:00 on mon, tue"
        ),
        (
            #"{"kind":"delay","for":{"days":-30},"from":"record.starts_at"}"#,
            "wait -30 days from record.starts_at"
        ),
        (
            #"{"kind":"message","channel":"email","content":{"subject":"S","text":"T"}}"#,
            "email \"S\""
        ),
        (#"{"kind":"branch","within":{"weeks":1}}"#, "branch, waits up to 1 week"),
        (#"{"kind":"exit"}"#, "exit"),
    ])
    func steps(step: String, words: String) throws {
        #expect(StepWords.text(try JSON(parsing: step)) == words)
    }
}
