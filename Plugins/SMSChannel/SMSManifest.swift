import ChannelKit
import JSONLines

extension Manifest {
    /// What the channel says of itself.
    static let sms = Manifest(
        name: "SMSChannel", version: "1.0.0", channel: "sms", address: .contact(field: "phone"),
        maxInflight: 64, sendTimeoutMilliseconds: 60_000, dedupe: .local, inbound: true,
        statuses: ["accepted", "sent", "delivered", "failed"],
        config: JSONObject(members))

    private static let members: [(String, JSON)] = [
        ("provider", member("twilio or kannel.", required: true)),
        ("base_url", member("The provider's address; https://api.twilio.com for Twilio.")),
        ("from", member("Who sends, where a message does not say.")),
        ("account_sid", member("Twilio: the account.")),
        ("auth_token", member("Twilio: its token.", secret: true)),
        ("messaging_service_sid", member("Twilio: the service that chooses the sender.")),
        ("public_url", member("Twilio: where it finds the listener from outside.")),
        ("poll_seconds", member("Twilio: how often news is asked for.")),
        ("settle_ms", member("Twilio: how long until what it took stands in its list.")),
        ("username", member("Kannel: the sendsms-user.")),
        ("password", member("Kannel: its password.", secret: true)),
        ("smsc", member("Kannel: the SMSC to send by.")),
        ("callback_url", member("Kannel: where it finds the listener; http://LISTEN by default.")),
        ("callback_token", member("Kannel: what its calls have to carry.", secret: true)),
        ("listen", member("The loopback address and port for the provider's calls.")),
        ("connections", member("How many messages at once; 8 by default.")),
        ("max_segments", member("The longest message in segments; 10 by default.")),
        ("timeout_ms", member("For one request to the provider; 15000 by default.")),
        ("ca_file", member("Certificates in PEM form to trust in place of the system's.")),
        ("journal", member("The file of keys and outcomes; journal.sqlite by default.")),
    ]

    private static func member(
        _ description: String, required: Bool = false, secret: Bool = false
    ) -> JSON {
        [
            "description": .string(description), "required": .bool(required),
            "secret": .bool(secret),
        ]
    }
}

extension JSONObject {
    fileprivate init(_ members: [(String, JSON)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }
}
