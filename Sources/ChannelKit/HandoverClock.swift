import Foundation
public import WorkflowModel

/// The service's time, as far as a channel knows it: what the last message said, and how long ago
/// that was.
///
/// The service may run on a clock of its own; the machine's counts only until the first message that
/// tells. The lock guards everything, which is what makes it `Sendable`.
public final class HandoverClock: @unchecked Sendable {
    private let lock = NSLock()
    private var told: (instant: Instant, at: ContinuousClock.Instant)?

    /// A clock that was told nothing yet.
    public init() {}

    /// Takes what the messages say, which are being handed over now.
    public func set(by tickets: [SendTicket]) {
        guard let instant = tickets.last.flatMap({ Instant(rfc3339: $0.message.at) }) else {
            return
        }
        lock.withLock { told = (instant, .now) }
    }

    /// What the service's clock shows.
    public var now: Instant {
        lock.withLock {
            guard let told else {
                return Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            }
            let passed = (ContinuousClock.now - told.at).components
            let milliseconds = passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
            return told.instant + TimeSpan(milliseconds: milliseconds)
        }
    }

    /// Whether `message` must not have been handed over any more.
    public static func isTooLate(_ message: SendRequest) -> Bool {
        guard let at = Instant(rfc3339: message.at), let limit = Instant(rfc3339: message.notAfter)
        else { return false }
        return at > limit
    }

    /// Whether `message`, which may have waited here, must not go any more.
    public func isTooLate(_ message: SendRequest) -> Bool {
        Instant(rfc3339: message.notAfter).map { now > $0 } ?? false
    }
}

extension SendAnswer {
    /// The answer to a message that never went and must not go any more.
    public static let tooLate = SendAnswer.failed(
        .init(.permanent, reason: "It is past not_after."))
}
