import Logging
import WorkflowStore

/// Whether the store takes writes, and what the log tells of it: one line when it begins to fail, another
/// for each new cause, one when it is well again.
struct StoreHealth {
    private var failing: Failing?

    private struct Failing {
        let since: Duration
        var last: Duration
        var isLast = true
        var refusedTurns = 0
        var causes: Set<String> = []
    }

    /// The pause between two attempts, when nothing else comes.
    private static let pause = Duration.seconds(1)
    /// How long nothing has to fail until it counts as well: where little room is left, small writes
    /// succeed between larger ones that do not.
    private static let calm = Duration.seconds(1)

    /// Whether it failed and has not been well for long enough.
    ///
    /// Then a turn is to write something, so that it proves what it says.
    var isInDoubt: Bool { failing != nil }

    /// When the next attempt is due, where the last one failed.
    var nextAttempt: Duration? {
        failing.flatMap { $0.isLast ? $0.last + StoreHealth.pause : nil }
    }

    /// The store failed at `now`.
    mutating func failed(_ error: StoreError, at now: Duration, _ log: Logger) {
        var failing = failing ?? Failing(since: now, last: now)
        failing.last = now
        failing.isLast = true
        failing.refusedTurns += 1
        let cause = "\(error)"
        if failing.causes.insert(cause).inserted {
            log.error(
                "The store failed; writes are refused until it works again",
                metadata: ["error": "\(cause)"])
        }
        self.failing = failing
    }

    /// A turn that wrote something was committed at `now`.
    mutating func worked(at now: Duration, _ log: Logger) {
        guard var failing else { return }
        failing.isLast = false
        self.failing = failing
        guard now - failing.last >= StoreHealth.calm else { return }
        log.warning(
            "The store works again",
            metadata: [
                "seconds": "\((now - failing.since).components.seconds)",
                "failed_turns": "\(failing.refusedTurns)",
            ])
        self.failing = nil
    }
}
