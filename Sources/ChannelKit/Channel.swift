public import JSONLines

/// What an author of a channel writes; ``ChannelMain`` does the rest.
public protocol Channel {
    /// What the channel says of itself.
    var manifest: Manifest { get }

    /// Takes the configuration.
    ///
    /// With `check` it connects, sends nothing, and goes on with the configuration that it had.
    /// - Throws: ``ConfigurationError`` with the reason, without any secret.
    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError)

    /// Takes messages that came together, never before a configuration was taken.
    ///
    /// Each ticket is answered once, now or later, from any thread. At most as many are open as the
    /// manifest says. See ``SendWorkers`` for a channel that waits for a network.
    mutating func send(_ tickets: [SendTicket])

    /// What became of the message with `key`; nil where it never came. Asked only where the manifest
    /// says so.
    mutating func query(key: String) -> SendAnswer?

    /// What happened and is not acknowledged yet: `status` and `inbound` lines.
    ///
    /// Asked about once a second, where the manifest names statuses or has `inbound`, and never while a
    /// thousand reports wait. The loop writes each again until the host has stored it. What is not
    /// acknowledged when the process ends is the channel's to report again.
    mutating func reports() -> [ChannelLine]

    /// The host has stored the report `eventID`, which is not to be reported any more.
    mutating func acknowledged(_ eventID: String)
}

extension Channel {
    /// Reports nothing.
    public mutating func reports() -> [ChannelLine] { [] }

    /// Knows nothing of any key.
    public mutating func query(key: String) -> SendAnswer? { nil }

    /// Keeps no reports.
    public mutating func acknowledged(_ eventID: String) {}
}

/// A channel that answers without waiting for anybody.
public protocol ImmediateChannel: Channel {
    /// Sends messages that came together, and answers each, in order.
    mutating func send(_ messages: [SendRequest]) -> [SendAnswer]
}

extension ImmediateChannel {
    /// Answers all at once.
    public mutating func send(_ tickets: [SendTicket]) {
        let answers = send(tickets.map(\.message))
        precondition(answers.count == tickets.count, "Each message has one answer.")
        for (ticket, answer) in zip(tickets, answers) { ticket.answer(answer) }
    }
}

/// Why a configuration cannot be used.
public struct ConfigurationError: Error, Hashable, Sendable {
    /// The reason, without any secret.
    public let reason: String

    /// A refusal with `reason`.
    public init(_ reason: String) { self.reason = reason }

    /// A refusal of one member, with its name and how to mend it.
    public init(_ error: FieldError) {
        let hint = error.hint.map { " \($0)" } ?? ""
        reason =
            error.path.isEmpty
            ? "\(error.message)\(hint)" : "\(error.path): \(error.message)\(hint)"
    }
}

/// A message that waits for its answer.
public struct SendTicket: Sendable {
    /// The message.
    public let message: SendRequest
    let id: JSON
    let output: ChannelOutput

    /// Answers the message; once, from any thread.
    ///
    /// On return the line is written, or will be with the loop's next write.
    public func answer(_ answer: SendAnswer) { output.settle(id, answer) }
}
