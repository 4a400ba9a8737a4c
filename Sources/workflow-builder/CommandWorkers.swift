import Foundation
import JSONLines
import Synchronization
import WorkflowClient

/// Passes commands on to the service, several at a time.
///
/// Each worker is a thread with a client of its own. There are never more than there are connections of
/// browsers, as each of those waits for one command.
final class CommandWorkers: Sendable {
    /// How long a command is waited for beyond its own `wait_ms`.
    static let patience = Duration.seconds(10)
    /// How long a service is waited for that does not listen: one that listens and is busy takes the
    /// connection within this time.
    static let connecting = Duration.seconds(3)

    private let endpoint: String
    private let idle = Mutex<[Worker]>([])

    /// Workers for the service at `endpoint`; none is started yet.
    init(endpoint: String) {
        self.endpoint = endpoint
    }

    /// The reply to one message of the command protocol; nil where nobody answered in time.
    func exchange(_ message: [UInt8]) -> [UInt8]? {
        let worker = idle.withLock { $0.popLast() } ?? Worker(endpoint: endpoint)
        let reply = worker.exchange(message, timeout: Self.timeout(of: message))
        idle.withLock { $0.append(worker) }
        return reply
    }

    private static func timeout(of message: [UInt8]) -> Duration {
        let wait = (try? JSON(parsing: message))?["args"]?["wait_ms"]?.integer ?? 0
        // The service waits a minute at most, see `system.hello`.
        return .milliseconds(min(max(wait, 0), 60_000)) + patience
    }
}

/// A thread with a client, which it makes anew after each failure.
private final class Worker: Sendable {
    private struct Task {
        var message: [UInt8] = []
        var timeout = Duration.zero
        var reply: [UInt8]?
    }

    private let task = Mutex(Task())
    private let begun = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    init(endpoint: String) {
        Thread.detachNewThread { self.work(endpoint) }
    }

    /// Gives the thread one message, and waits for what came of it.
    func exchange(_ message: [UInt8], timeout: Duration) -> [UInt8]? {
        task.withLock { $0 = Task(message: message, timeout: timeout) }
        begun.signal()
        done.wait()
        return task.withLock { $0.reply }
    }

    private func work(_ endpoint: String) {
        var client: CommandClient?
        while true {
            begun.wait()
            let (message, timeout) = task.withLock { ($0.message, $0.timeout) }
            do {
                let current =
                    try client
                    ?? CommandClient(
                        endpoint: endpoint, timeout: timeout, connecting: CommandWorkers.connecting)
                client = current
                let reply = try current.exchange(message, timeout: timeout)
                task.withLock { $0.reply = reply }
            } catch {
                client = nil
            }
            done.signal()
        }
    }
}
