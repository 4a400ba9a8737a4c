import ChannelKit
import Foundation

/// When messages came in that still wait for a thread.
///
/// The lock guards everything, which is what makes it `Sendable`.
final class Arrivals: @unchecked Sendable {
    private let lock = NSLock()
    private var moments: [String: ContinuousClock.Instant] = [:]

    /// These messages came in now.
    func enter(_ tickets: [SendTicket]) {
        let now = ContinuousClock.now
        lock.withLock { for ticket in tickets { moments[ticket.message.key] = now } }
    }

    /// When a message came in that waits no longer.
    func leave(_ message: SendRequest) -> ContinuousClock.Instant {
        lock.withLock { moments.removeValue(forKey: message.key) } ?? ContinuousClock.now
    }
}
