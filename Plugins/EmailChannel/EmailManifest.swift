import ChannelKit
import JSONLines

extension Manifest {
    /// What the channel says of itself.
    static let email = Manifest(
        name: "EmailChannel", version: "1.0.0", channel: "email",
        address: .contact(field: "email"), maxInflight: 32, sendTimeoutMilliseconds: 600_000,
        dedupe: .local,
        config: [
            "host": member("The server that takes mail.", required: true),
            "port": member("Its port; 587, with tls 465, with plain 25 by default."),
            "security": member("starttls, tls, or plain for a server on this machine."),
            "username": member("Whom the channel logs in as."),
            "password": member("The password.", secret: true),
            "from": member("Who sends, where a message does not say.", required: true),
            "reply_to": member("Where replies go, where not to the sender."),
            "unsubscribe_address": member("Where mails that unsubscribe go."),
            "client_name": member("What the channel calls itself; the machine's name by default."),
            "connections": member("How many sessions with the server at once; 4 by default."),
            "ca_file": member("Certificates in PEM form to trust in place of the system's."),
            "journal": member("The file of keys and outcomes; journal.sqlite by default."),
        ])

    private static func member(
        _ description: String, required: Bool = false, secret: Bool = false
    ) -> JSON {
        [
            "description": .string(description), "required": .bool(required),
            "secret": .bool(secret),
        ]
    }
}
