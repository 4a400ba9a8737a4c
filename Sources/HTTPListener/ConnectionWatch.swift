import Foundation

/// Ends connections of a listener whose time is over, and those that others need the room of.
///
/// A connection is ended by shutting its socket down, on which the server closes it; all this happens
/// before the server has told that it is closed, so that a descriptor is never somebody else's. The condition guards everything, which is what makes it `Sendable`.
final class ConnectionWatch: @unchecked Sendable {
    private let condition = NSCondition()
    private let start = ContinuousClock.now
    private var states: ConnectionStates
    private var isStopped = false
    private var wakesAt = Duration.zero

    /// A jump of the machine's clock delays nothing by more than this.
    private static let longestSleep = Duration.seconds(5)

    /// Watches until ``stop()``.
    init(_ limits: HTTPListener.Limits) {
        states = ConnectionStates(limits)
        let thread = Thread { [self] in run() }
        thread.stackSize = 1 << 18
        thread.start()
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }

    func open(_ descriptor: Int32) {
        change { now in
            if let leaves = states.open(descriptor, at: now) { end(leaves) }
        }
    }

    func close(_ descriptor: Int32) { condition.withLock { states.close(descriptor) } }

    func enter(_ stage: ConnectionStates.Stage, _ descriptor: Int32) {
        change { now in states.enter(stage, descriptor, at: now) }
    }

    private func change(_ body: (Duration) -> Void) {
        condition.withLock {
            body(ContinuousClock.now - start)
            if let next = states.nextDeadline, next < wakesAt { condition.signal() }
        }
    }

    private func end(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func run() {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            let now = ContinuousClock.now - start
            for descriptor in states.takeOverdue(at: now) { end(descriptor) }
            wakesAt = min(states.nextDeadline ?? .seconds(Int64.max / 2), now + Self.longestSleep)
            _ = condition.wait(
                until: Date(timeIntervalSinceNow: max(0, (wakesAt - now) / .seconds(1))))
        }
    }
}
