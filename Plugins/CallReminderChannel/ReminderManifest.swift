import ChannelKit
import JSONLines

extension Manifest {
    /// What the channel says of itself.
    static let callReminder = Manifest(
        name: "CallReminderChannel", version: "1.0.0", channel: "call_reminder", address: .staff,
        maxInflight: 8, sendTimeoutMilliseconds: 30_000, dedupe: .provider, query: true,
        inbound: true, statuses: ["delivered", "failed"],
        config: [
            "calendar": member("The address of a calendar on a CalDAV server; or give folder."),
            "username": member("Whom the channel logs in as."),
            "password": member(
                "The password, sent over TLS or to this machine only.", secret: true),
            "ca_file": member("Certificates in PEM form to trust in place of the system's."),
            "folder": member("A folder that gets a file for each entry, where there is no server."),
            "entry": member("What an entry is: todo or event; todo by default."),
            "duration_minutes": member("How long an event takes; 15 by default."),
            "lead_minutes": member(
                "How long after the message's moment the call is due; 0 by default."),
            "alarm_minutes": member(
                "How long before the call is due the alarm rings; 0 by default."),
            "poll_seconds": member("How often entries are looked at; 60 by default."),
            "journal": member("The file of keys and outcomes; journal.sqlite by default."),
        ])

    private static func member(_ description: String, secret: Bool = false) -> JSON {
        ["description": .string(description), "required": false, "secret": .bool(secret)]
    }
}
