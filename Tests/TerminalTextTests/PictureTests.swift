import JSONLines
import TerminalText
import Testing
import WorkflowModel

@Suite struct PictureTests {
    private static let definition: JSON = [
        "name": "Greeting",
        "steps": [
            ["id": "hello", "kind": "message", "channel": "sms", "content": ["text": "Hi!"]],
            ["id": "wait", "kind": "delay", "for": ["days": 1], "at": "10:00"],
            [
                "id": "asked", "kind": "branch", "within": ["days": 2],
                "paths": [
                    [
                        "name": "yes", "when": ["signal": "sms.replied"],
                        "steps": [["id": "thanks", "kind": "flag", "flag": "hot"]],
                    ]
                ],
                "otherwise": ["steps": [["id": "bye", "kind": "exit", "reason": "silent"]]],
            ],
        ],
    ]

    @Test func aContactInTheMiddle() {
        let enrollment: JSON = [
            "id": "en_1", "workflow": "greeting", "version": 2, "contact": "c-1", "state": "active",
            "enrolled_at": "2026-03-02T15:00:00Z", "step": "asked", "waits_for": "branch",
            "next_at": "2026-03-05T15:00:00Z",
            "path": [
                ["step": "hello", "at": "2026-03-02T15:00:00Z"],
                ["step": "wait", "at": "2026-03-02T15:00:01Z"],
                ["step": "asked", "at": "2026-03-03T15:00:00Z"],
            ],
        ]
        let sent: JSON = [
            "type": "message.sent", "step": "hello", "kind": "message", "channel": "sms",
            "at": "2026-03-02T15:00:01Z", "content": ["text": "Hi!"],
        ]
        let waited: JSON = [
            "type": "step.executed", "step": "wait", "kind": "delay", "at": "2026-03-03T15:00:00Z",
        ]
        let picture = EnrollmentPicture(
            enrollment: enrollment, definition: Self.definition, executions: [waited, sent],
            zone: ZoneCalendar(identifier: "America/New_York"))
        #expect(
            picture.lines(width: nil, ink: .plain) == [
                "greeting version 2  active  en_1  since Mon 2026-03-02 10:00",
                "  ✓ hello         Mon 2026-03-02 10:00  sms sent: Hi!",
                "  ✓ wait          Tue 2026-03-03 10:00  waited",
                "  ▶ asked         waits for branch until Thu 2026-03-05 10:00",
                "    ├─ yes",
                "  · │  thanks     flag hot",
                "    └─ otherwise",
                "  ·    bye        exit: silent",
            ])
    }

    @Test(arguments: [50, 60, 80])
    func picturesFitTheTerminal(width: Int) {
        let workflow: JSON = [
            "name": "Greeting", "state": "active", "version": 1, "definition": Self.definition,
        ]
        let stats: JSON = ["steps": [["step": "hello", "inside": 1_200, "sent": 3]]]
        let lines = WorkflowPicture(workflow: workflow, stats: stats)
            .lines(width: width, ink: Ink(isColored: true))
        #expect(lines.dropLast(2).allSatisfy { $0.displayWidth <= width }, "\(lines)")
        #expect(lines.contains { $0.contains("1,200 inside, 3 sent") })
    }

    @Test func aTimeline() {
        let preview: JSON = [
            "time_zone": "America/New_York", "truncated": false,
            "steps": [
                [
                    "step": "hello", "kind": "message", "local": "2026-03-02T10:00:00-05:00",
                    "outcome": "sent", "channel": "sms", "moved_by": "quiet_hours",
                    "content": ["text": "Hi\nAnn"],
                ],
                [
                    "step": "asked", "kind": "branch", "local": "2026-03-02T10:00:00-05:00",
                    "paths": [["branch": "asked", "path": "yes"]], "outcome": "executed",
                    "path": "yes",
                ],
                [
                    "step": "mail", "kind": "message", "local": "2026-03-03T09:30:00-05:00",
                    "paths": [["branch": "asked", "path": "yes"]], "outcome": "skipped",
                    "reason": "missing_field", "detail": "contact.email",
                ],
            ],
        ]
        #expect(
            TimelinePicture(preview: preview).lines(width: nil, ink: .plain) == [
                "Local time in America/New_York",
                "  Mon 2026-03-02 10:00  ● hello  sms (moved by quiet_hours): Hi Ann",
                "  if asked is \"yes\"",
                "  Mon 2026-03-02 10:00  │ asked  path \"yes\"",
                "  Tue 2026-03-03 09:30  ✗ mail   skipped: missing_field contact.email",
            ])
    }
}
