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
        delivered += messages.map(\.key)
        return messages.map { _ in .accepted }
    }

    mutating func reports() -> [ChannelLine] {
        defer { delivered = [] }
        return delivered.map { .status(eventID: "delivered-\($0)", key: $0, .delivered) }
    }
}
