import ChannelKit
import JSONLines

/// A channel that behaves, on the library's own loop; it reports each message as delivered.
struct KitChannel: ImmediateChannel {
    let manifest = Manifest(
        name: "KitChannel", version: "1", channel: "faulty", address: .contact(field: "phone"),
        statuses: ["delivered"])
    private var delivered: [String] = []

    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError) {}

    mutating func send(_ messages: [SendRequest]) -> [SendAnswer] {
        messages.map { message in
            guard message.to != nil else {
                return .failed(.init(.permanent, reason: "It has no address."))
            }
            // Both are written alike, so that their order is that of the texts.
            if !message.at.isEmpty, message.at > message.notAfter {
                return .failed(.init(.permanent, reason: "It came too late."))
            }
            delivered.append(message.key)
            return .accepted
        }
    }

    mutating func reports() -> [ChannelLine] {
        defer { delivered = [] }
        return delivered.map { .status(eventID: "delivered-\($0)", key: $0, .delivered) }
    }
}
