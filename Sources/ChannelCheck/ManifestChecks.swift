import ChannelKit
import JSONLines

/// The members of the manifest, one check for each.
extension Check {
    static let manifest = [
        member("protocols", "protocols has 1.", mend: "Write \"protocols\": [1].") { manifest in
            guard let versions = manifest["protocols"]?.array else {
                return "It is no array: \(shown(manifest["protocols"]))"
            }
            return versions.contains { $0 == 1 } ? nil : "It is \(shown(manifest["protocols"]))"
        },
        member("name", "name and version are there.", mend: "Name the program and its version.") {
            text("name", $0) ?? text("version", $0)
        },
        member(
            "channel", "channel names the channel it serves.",
            mend: "Write the name that workflows use in their steps, such as sms.",
            offence: { text("channel", $0) }),
        member(
            "address", "address names a field of the contact, or staff.",
            mend: "Write phone, email, another field of contacts, or staff.",
            offence: { text("address", $0) }),
        member(
            "max-inflight", "max_inflight is from 1 to 10,000.",
            mend: "Write how many messages it takes at once.",
            offence: { integer("max_inflight", in: 1...10_000, $0) }),
        member(
            "send-timeout", "send_timeout_ms is from 100 to 600,000.",
            mend: "Write the longest time that a message may take, in milliseconds.",
            offence: { integer("send_timeout_ms", in: 100...600_000, $0) }),
        member(
            "dedupe", "dedupe is provider, local or none.", mend: "Write who tells a repeated key."
        ) {
            oneOf(Manifest.Dedupe.allCases.map(\.rawValue), $0["dedupe"] ?? "none")
        },
        member(
            "abilities", "query and inbound are true or false.",
            mend: "Write true or false without quotes."
        ) { manifest in
            ["query", "inbound"].lazy.compactMap { boolean($0, manifest) }.first
        },
        member(
            "statuses", "statuses names later states of a message.",
            mend: "Write an array of accepted, sent, delivered, failed, unknown; or leave it out.",
            offence: statuses),
        member(
            "config", "config describes each member of the configuration.",
            mend:
                "Write {\"description\": \"...\", \"required\": true, \"secret\": true} for each.",
            offence: schema),
    ]

    /// A check that `offence` finds nothing in the manifest.
    private static func member(
        _ name: String, _ title: String, mend: String,
        offence: @escaping @Sendable (JSON) -> String?
    ) -> Check {
        Check(
            "manifest-\(name)", .starting, "In the manifest, \(title)", mend: mend, need: .greeting
        ) {
            subject throws(Verdict) in
            guard let seen = offence(subject.manifestJSON ?? .null) else { return }
            throw .failed(seen)
        }
    }

    private static func shown(_ json: JSON?) -> String { json?.text ?? "not there" }

    private static func text(_ name: String, _ manifest: JSON) -> String? {
        if let text = manifest[name]?.string, !text.isEmpty { return nil }
        return "\(name) is no text: it is \(shown(manifest[name]))"
    }

    private static func integer(_ name: String, in range: ClosedRange<Int64>, _ manifest: JSON)
        -> String?
    {
        guard let value = manifest[name], value != .null else { return nil }
        if let number = value.integer, range.contains(number) { return nil }
        return "\(name) is \(value.text)"
    }

    private static func boolean(_ name: String, _ manifest: JSON) -> String? {
        guard let value = manifest[name], value != .null, value.bool == nil else { return nil }
        return "\(name) is \(value.text)"
    }

    private static func oneOf(_ known: [String], _ value: JSON) -> String? {
        known.contains { .string($0) == value } ? nil : "It is \(value.text)"
    }

    private static func statuses(_ manifest: JSON) -> String? {
        guard let value = manifest["statuses"], value != .null else { return nil }
        guard let names = value.array else { return "It is no array: \(value.text)" }
        let known = ["accepted", "sent", "delivered", "failed", "unknown"]
        return names.lazy.compactMap { oneOf(known, $0) }.first
    }

    private static func schema(_ manifest: JSON) -> String? {
        guard let value = manifest["config"], value != .null else { return nil }
        guard let members = value.object?.members else { return "It is no object: \(value.text)" }
        return members.lazy.compactMap { name, description in
            text("description", description).map { "Of \(name), \($0)" }
                ?? ["required", "secret"].lazy.compactMap { boolean($0, description) }.first
                .map { "Of \(name), \($0)" }
        }.first
    }
}
