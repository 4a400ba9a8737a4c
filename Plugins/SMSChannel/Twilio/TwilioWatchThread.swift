import Foundation

/// A thread that watches Twilio until it is stopped.
///
/// The condition guards everything, which is what makes it `Sendable`.
final class TwilioWatchThread: @unchecked Sendable {
    private let condition = NSCondition()
    private var isStopped = false

    /// Watches `account` from now on.
    init(_ account: TwilioAccount, _ news: ProviderNews) {
        let thread = Thread { [self] in run(TwilioWatch(account, news), account.pollPause) }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Ends the watch after the round that runs.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
    }

    private func run(_ watch: TwilioWatch, _ pause: Duration) {
        var trouble: String?
        repeat {
            let reason = watch.look()
            if let reason, reason != trouble { complain(reason) }
            trouble = reason
        } while wait(pause)
    }

    /// Waits for `pause`; false where it was stopped.
    private func wait(_ pause: Duration) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: Double(pause.components.seconds))
        while !isStopped, condition.wait(until: end) {}
        return !isStopped
    }

    private func complain(_ reason: String) {
        let line = "Twilio's news could not be fetched: \(reason)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
