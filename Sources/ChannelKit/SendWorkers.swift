import Foundation

/// What one thread sends with: a connection to a provider, for instance.
public protocol SendSession: AnyObject {
    /// Sends one message, and waits for what becomes of it.
    func send(_ message: SendRequest) -> SendAnswer
}

/// Threads that each own a session and send one message at a time.
///
/// A thread starts when there is a message that no other is free for, and then stays. The condition
/// guards everything, which is what makes it `Sendable`.
public final class SendWorkers: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private let makeSession: @Sendable () -> any SendSession
    private var waiting: [SendTicket] = []
    private var threads = 0
    private var free = 0
    private var isClosed = false

    /// At most `count` threads, each with a session of its own, made on it.
    public init(count: Int, session: @escaping @Sendable () -> any SendSession) {
        precondition(count > 0)
        limit = count
        makeSession = session
    }

    /// Takes tickets; the order among them is kept at the start of their sending.
    public func add(_ tickets: [SendTicket]) {
        condition.lock()
        defer { condition.unlock() }
        waiting += tickets
        for _ in 0..<min(max(0, waiting.count - free), limit - threads) { startThread() }
        condition.broadcast()
    }

    /// Lets the threads end once nothing waits any more.
    ///
    /// Tickets that were taken are still answered.
    public func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }

    private func startThread() {
        threads += 1
        let thread = Thread { [self] in work() }
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func work() {
        let session = makeSession()
        while let ticket = next() { ticket.answer(session.send(ticket.message)) }
    }

    private func next() -> SendTicket? {
        condition.lock()
        defer { condition.unlock() }
        free += 1
        defer { free -= 1 }
        while waiting.isEmpty, !isClosed { condition.wait() }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
