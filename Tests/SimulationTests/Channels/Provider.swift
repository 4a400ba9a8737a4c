import WorkflowModel
import WorkflowService

/// What really happened to messages: the truth that no part of the service sees.
final class Provider {
    /// What it knows of one key.
    struct Delivery {
        let message: ClaimedMessage
        /// How often it really went to the contact.
        var times = 0
        /// Whether it came back later.
        var bounced = false
    }

    private(set) var deliveries: [String: Delivery] = [:]

    func deliver(_ message: ClaimedMessage) {
        deliveries[message.key, default: Delivery(message: message)].times += 1
    }

    func bounce(_ key: String) { deliveries[key]?.bounced = true }

    func hasDelivered(_ key: String) -> Bool { deliveries[key]?.times ?? 0 > 0 }
}
