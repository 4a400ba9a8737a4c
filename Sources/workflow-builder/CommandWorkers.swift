import Foundation
import JSONLines
import Synchronization
import WorkflowClient
import ZeroMQ

/// Passes commands on to the service, several at a time.
///
/// Each worker is a thread with a client of its own, all of one ZeroMQ context. There are never more than
/// there are connections of browsers, as each of those waits for one command.
final class CommandWorkers: Sendable {
    /// How long a command is waited for beyond its own `wait_ms`.
    static let patience = Duration.seconds(10)
    /// How long a service is waited for that does not listen: one that listens and is busy takes the
    /// connection within this time.
    static let connecting = Duration.seconds(3)

    private let endpoint: String
    private let mostWaiting: Int
    private let context = Context()
    private let idle = Mutex<[Worker]>([])
    private let waits = Atomic(0)

    /// Workers for the service at `endpoint`, of which none is started yet; at most `waiting` at a time
    /// carry a command that waits for events.
    init(endpoint: String, waiting: Int) {
        self.endpoint = endpoint
        mostWaiting = waiting
    }

    /// What came of a message.
    enum Outcome {
        /// The service's reply.
        case reply([UInt8])
        /// Nobody answered in time, or nobody asks any more.
        case unanswered
        /// So many wait for events already that there would be no room for others.
        case tooManyWait
    }

    /// Passes on one message of the command protocol, and gives up where it `isWanted` no more.
    func exchange(_ message: [UInt8], while isWanted: @escaping @Sendable () -> Bool) -> Outcome {
        let wait = Self.wait(of: message)
        guard wait > .zero else { return pass(message, wait, isWanted) }
        defer { waits.subtract(1, ordering: .relaxed) }
        guard waits.add(1, ordering: .relaxed).newValue <= mostWaiting else { return .tooManyWait }
        return pass(message, wait, isWanted)
    }

    private func pass(
        _ message: [UInt8], _ wait: Duration, _ isWanted: @escaping @Sendable () -> Bool
    ) -> Outcome {
        let worker =
            idle.withLock { $0.popLast() } ?? Worker(endpoint: endpoint, context: context)
        let reply = worker.exchange(message, timeout: wait + Self.patience, isWanted)
        idle.withLock { $0.append(worker) }
        return reply.map(Outcome.reply) ?? .unanswered
    }

    /// How long the service may let the first of the commands wait.
    private static func wait(of message: [UInt8]) -> Duration {
        let wait = (try? JSON(parsing: message))?["args"]?["wait_ms"]?.integer ?? 0
        // The service waits a minute at most, see `system.hello`.
        return .milliseconds(min(max(wait, 0), 60_000))
    }
}

/// A thread with a client, which it makes anew after each failure.
private final class Worker: Sendable {
    private struct Task {
        var message: [UInt8] = []
        var timeout = Duration.zero
        var isWanted: @Sendable () -> Bool = { true }
        var reply: [UInt8]?
    }

    private let task = Mutex(Task())
    private let begun = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    init(endpoint: String, context: Context) {
        Thread.detachNewThread { self.work(endpoint, context) }
    }

    /// Gives the thread one message, and waits for what came of it.
    func exchange(
        _ message: [UInt8], timeout: Duration, _ isWanted: @escaping @Sendable () -> Bool
    ) -> [UInt8]? {
        task.withLock { $0 = Task(message: message, timeout: timeout, isWanted: isWanted) }
        begun.signal()
        done.wait()
        return task.withLock { $0.reply }
    }

    private func work(_ endpoint: String, _ context: Context) {
        var client: CommandClient?
        while true {
            begun.wait()
            let (message, timeout, isWanted) = task.withLock {
                ($0.message, $0.timeout, $0.isWanted)
            }
            do {
                let current =
                    try client
                    ?? CommandClient(
                        endpoint: endpoint, timeout: timeout, connecting: CommandWorkers.connecting,
                        context: context)
                client = current
                current.isWanted = isWanted
                let reply = try current.exchange(message, timeout: timeout)
                task.withLock { $0.reply = reply }
            } catch {
                client = nil
            }
            done.signal()
        }
    }
}
