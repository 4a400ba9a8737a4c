public import WorkflowModel

/// A message that was handed to a channel, or is about to be.
public struct StoredMessage: Hashable, Sendable {
    /// Which message it is.
    public let address: MessageAddress
    /// How far it has come.
    public var state: MessageState
    /// The channel.
    public let channel: String
    /// The latest attempt, from 1.
    public var attempt: Int
    /// What the channel was asked for, as JSON text; nil once the outcome is known.
    public var request: String?
    /// The history row of its latest outcome.
    public var seq: Int64?

    /// A message of the given parts.
    public init(
        address: MessageAddress, state: MessageState, channel: String, attempt: Int,
        request: String?,
        seq: Int64? = nil
    ) {
        self.address = address
        self.state = state
        self.channel = channel
        self.attempt = attempt
        self.request = request
        self.seq = seq
    }
}

extension StoreSession {
    /// Stores `message`, in place of an earlier state of it.
    public func put(_ message: StoredMessage) throws {
        try run(
            "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                message.address.enrollment, message.address.node, message.address.variant,
                message.state.rawValue, message.channel, message.attempt, message.request,
                message.seq,
            ])
    }

    /// Writes the state, request and position of `message`, which is stored already.
    public func update(_ message: StoredMessage) throws {
        try run(
            """
            UPDATE message SET state = ?, request = ?, seq = ? \
            WHERE enrollment_id = ? AND node = ? AND variant = ?
            """,
            [
                message.state.rawValue, message.request, message.seq, message.address.enrollment,
                message.address.node, message.address.variant,
            ])
    }

    /// The message at `address`, or nil.
    public func message(_ address: MessageAddress) throws -> StoredMessage? {
        try row(
            "SELECT * FROM message WHERE enrollment_id = ? AND node = ? AND variant = ?",
            [address.enrollment, address.node, address.variant], message)
    }

    /// The messages of `enrollment`.
    public func messages(enrollment: Int64) throws -> [StoredMessage] {
        try rows("SELECT * FROM message WHERE enrollment_id = ?", [enrollment], message)
    }

    /// The messages over `channel` in `state`, one of those whose outcome is open.
    public func openMessages(channel: String, state: MessageState) throws -> [StoredMessage] {
        try rows(
            "SELECT * FROM message WHERE channel = ? AND state = ? AND state <= 1",
            [channel, state.rawValue], message)
    }

    /// Removes the texts of all messages of `contact` that were handed over.
    public func eraseRequests(contact: Int64) throws {
        try run(
            "UPDATE message SET request = NULL WHERE enrollment_id IN (SELECT id FROM enrollment WHERE contact_id = ?)",
            [contact])
    }

    /// Removes the texts of the messages of `enrollment` that waited for another attempt, which none gets
    /// any more.
    public func eraseWaitingRequests(enrollment: Int64) throws {
        try run(
            "UPDATE message SET request = NULL WHERE enrollment_id = ? AND state = ?",
            [enrollment, MessageState.waiting.rawValue])
    }

    private func message(_ row: Columns) -> StoredMessage {
        StoredMessage(
            address: MessageAddress(enrollment: row[0], node: row[1], variant: row[2]),
            state: MessageState(rawValue: row[3]) ?? .sending, channel: row[4], attempt: row[5],
            request: row[6], seq: row[7])
    }
}
