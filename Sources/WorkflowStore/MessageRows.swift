import OrderedCollections
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
    public func put(_ message: StoredMessage) throws { working.top.put(message) }

    /// The message at `address`, or nil.
    public func message(_ address: MessageAddress) throws -> StoredMessage? {
        if let pending = working.find({ $0.messages[address] }) { return pending }
        return try connection.row(
            "SELECT * FROM message WHERE enrollment_id = ? AND node = ? AND variant = ?",
            [address.enrollment, address.node, address.variant], message)
    }

    /// The messages of `enrollment`, by address.
    public func messages(enrollment: Int64) throws -> [StoredMessage] {
        let stored =
            isNew(enrollment: enrollment)
            ? []
            : try connection.rows(
                "SELECT * FROM message WHERE enrollment_id = ?", [enrollment], message)
        let pending = Set(working.gather { $0.addresses[enrollment] ?? [] })
        guard !pending.isEmpty else { return stored }
        let all = try stored.filter { !pending.contains($0.address) } + pending.compactMap(message)
        return all.sorted {
            ($0.address.node, $0.address.variant) < ($1.address.node, $1.address.variant)
        }
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
        for var message in try messages(enrollment: enrollment)
        where message.state == .waiting && message.request != nil {
            message.request = nil
            try put(message)
        }
    }

    private func message(_ row: Columns) -> StoredMessage {
        StoredMessage(
            address: MessageAddress(enrollment: row[0], node: row[1], variant: row[2]),
            state: MessageState(rawValue: row[3]) ?? .sending, channel: row[4], attempt: row[5],
            request: row[6], seq: row[7])
    }
}
