import Logging
import ZeroMQ

/// Sends replies, and drops those of clients that do not read theirs, so that memory stays bounded.
struct ReplyQueues {
    private let log: Logger
    /// What each client has not taken yet, by its routing name; some may have taken all of it.
    private var queues: [[UInt8]: QueuedBytes] = [:]
    private var dropped = 0
    private var lastWarning: Duration?
    /// How many clients were there when the list was last gone through.
    private var known = 0

    /// Bytes of replies that one client may leave unread: two of the largest.
    static let clientBytes = 32 << 20
    /// Bytes of replies that all clients together may leave unread.
    static let bytes = 256 << 20
    /// Replies to clients with less than this are sent however much others leave unread.
    private static let freeBytes = 64 << 10
    /// The pause between two warnings about dropped replies.
    private static let warningPause = Duration.seconds(10)

    init(log: Logger) { self.log = log }

    /// Sends `reply` over `socket`, or drops it where its client has too much unread, or has gone.
    mutating func send(_ reply: OutgoingMessage, over socket: Socket) {
        let queue = queue(of: reply.envelope.first ?? [])
        guard hasRoom(queue, for: reply.body.count) else { return drop() }
        do {
            let frames = reply.envelope + [reply.body]
            if try !socket.send(frames, wait: false, countedBy: queue) { drop() }
        } catch {
            if !error.peerUnknown {
                log.error("A reply could not be sent", metadata: ["error": "\(error)"])
            }
        }
    }

    private mutating func queue(of client: [UInt8]) -> QueuedBytes {
        if let queue = queues[client] { return queue }
        if queues.count > 2 * known + 64 { forgetIdle() }
        let queue = QueuedBytes()
        queues[client] = queue
        return queue
    }

    /// Forgets clients that have taken everything; the next reply makes them known again.
    private mutating func forgetIdle() {
        queues = queues.filter { $0.value.count > 0 }
        known = queues.count
    }

    private func hasRoom(_ queue: QueuedBytes, for bytes: Int) -> Bool {
        let unread = queue.count
        if unread + bytes <= Self.freeBytes { return true }
        guard total + bytes <= Self.bytes else { return false }
        return unread == 0 || unread + bytes <= Self.clientBytes
    }

    private var total: Int { queues.values.reduce(0) { $0 + $1.count } }

    /// Counts a lost reply, and says so now and then.
    private mutating func drop() {
        dropped += 1
        let now = SystemTime.elapsed()
        if let lastWarning, now - lastWarning < Self.warningPause { return }
        log.warning(
            "Replies were dropped: their clients do not read them",
            metadata: ["replies": "\(dropped)"])
        dropped = 0
        lastWarning = now
    }
}
