/// The public form of an enrollment's number: `en_812`.
public enum EnrollmentID {
    /// The public form of `number`.
    public static func text(_ number: Int64) -> String { "en_\(number)" }

    /// The number that `text` stands for, or nil where it is no enrollment's id.
    public static func number(_ text: String) -> Int64? {
        guard text.hasPrefix("en_"), let number = Int64(text.dropFirst(3)), number > 0 else {
            return nil
        }
        return number
    }
}

/// Names one message of one enrollment: what a channel is asked to send once, over all attempts.
public struct MessageAddress: Hashable, Sendable {
    /// The enrollment's number.
    public let enrollment: Int64
    /// The step's number in the version's timeline.
    public let node: Int
    /// 0 for the primary message, 1 for the fallback.
    public let variant: Int

    /// The message of `variant` at step `node` of `enrollment`.
    public init(enrollment: Int64, node: Int, variant: Int) {
        self.enrollment = enrollment
        self.node = node
        self.variant = variant
    }

    /// The idempotency key that channels get: it begins with `instance`, which no two data
    /// directories share, so that two businesses never share a key at a provider.
    public func key(instance: String) -> String { "\(instance)-\(enrollment)-\(node)-\(variant)" }

    /// The message that `key` names, or nil where it is no key of `instance`.
    ///
    /// Only the spelling that ``key(instance:)`` writes counts. The numbers may be any: whether there is
    /// such a message is for the store and the version to say.
    public init?(key: String, instance: String) {
        let parts = key.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == instance, let enrollment = Int64(parts[1]),
            let node = Int(parts[2]), let variant = Int(parts[3])
        else { return nil }
        self.init(enrollment: enrollment, node: node, variant: variant)
        guard key == self.key(instance: instance) else { return nil }
    }
}
