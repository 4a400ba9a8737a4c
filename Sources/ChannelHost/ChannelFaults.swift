import ChannelKit
import Logging

/// What is done when something goes wrong: pauses, time limits, ends and new starts.
extension ChannelProcess {
    /// How long a channel whose configuration or account is at fault is left alone at most, and where it
    /// does not say.
    static let faultPause = Duration.seconds(60)
    private static let shortestPause = Duration.seconds(1)
    /// Between asking the child to end, or its last answer since, and ending it.
    private static let grace = Duration.seconds(2)
    /// Between asking a child to end that goes on answering, and ending it.
    private static let longestGrace = Duration.seconds(8)

    // MARK: Pause

    /// Leaves a channel alone whose configuration or account is at fault, and tries again later.
    ///
    /// - Parameter asked: how long it asks to be left alone; this counts until it takes a message.
    func pause(_ reason: String, now: Duration, asked: Duration? = nil) {
        status.lastError = reason
        if let asked { faultPause = min(max(asked, Self.shortestPause), Self.faultPause) }
        pausedUntil = now + faultPause
        guard status.state != .faulty else { return }
        status.state = .faulty
        reports.append(.down(channel: settings.name, reason: reason))
        log.warning("A channel is paused", metadata: metadata(reason))
    }

    // MARK: End

    /// Asks the child to end once it has answered everything.
    func beginStop(now: Duration) {
        isStopping = true
        startAt = nil
        status.state = .stopped
        killAt = child == nil ? nil : now + Self.grace
        lastKillAt = now + Self.longestGrace
    }

    /// A child that answers what was queued before it was asked to end is not ended over it.
    func postponeEnd(now: Duration) {
        guard isStopping, endReason == nil, killAt != nil else { return }
        killAt = min(now + Self.grace, lastKillAt)
    }

    /// Ends a child that is of no use.
    func fail(_ reason: String, now: Duration) {
        guard endReason == nil else { return }
        log.warning("A channel is ended", metadata: metadata(reason))
        child?.signalGroup(15)
        beginEnd(reason, now: now)
    }

    /// A child that closed its output cannot answer any more; most are on their way out.
    func outputEnded(now: Duration) {
        if endReason == nil { beginEnd("It closed its output.", now: now) }
    }

    private func beginEnd(_ reason: String, now: Duration) {
        endReason = reason
        status.lastError = reason
        child?.closeInput()
        if !isStopping {
            status.state = restart.isSuspended ? .suspended : .starting
            killAt = now + Self.grace
        }
    }

    // MARK: Time limits

    func keepDeadlines(now: Duration) {
        if let killAt, killAt <= now {
            child?.signalGroup(9)
            self.killAt = now + Self.grace
        }
        if let pausedUntil, pausedUntil <= now {
            self.pausedUntil = nil
            configure(now: now)
        }
        for request in pending.takeOverdue(at: now) { expire(request, now: now) }
    }

    private func expire(_ request: PendingRequests.Request, now: Duration) {
        switch request.kind {
        case .hello: fail("It did not say hello in time.", now: now)
        case .configure: fail("It did not answer its configuration in time.", now: now)
        case .ping: if isProbing { fail("It answers nothing any more.", now: now) }
        case .send(let key):
            status.inflight -= 1
            status.lastError = "It did not answer a message in time."
            isUnknown(key, "timeout")
            probe(now: now)
        case .query(let key): answerQuery(key, .unknown(reason: "timeout"))
        }
    }

    // MARK: Death

    /// Settles what was with a child that has ended, in the order in which it was asked.
    func giveUpPending(_ ending: ChildProcess.Ending) {
        for request in pending.takeAll() {
            switch request.kind {
            case .send(let key) where wasWritten(request):
                isUnknown(key, "The channel ended with \(ending.text).")
            case .send(let key):
                didNotGo(key, "The channel ended with \(ending.text) before it had the message.")
            case .query(let key):
                answerQuery(key, .unknown(reason: "The channel ended with \(ending.text)."))
            case .hello, .configure, .ping: break
            }
        }
        status.inflight = 0
    }

    /// Counts a death, and sets the next start.
    func mourn(_ ending: ChildProcess.Ending, now: Duration) {
        let reason = reason(of: ending)
        if let readySince, now - readySince >= RestartPolicy.longest { restart.succeeded() }
        (killAt, pausedUntil, readySince, endReason, isProbing) = (nil, nil, nil, nil, false)
        status.hasSaidHello = false
        guard !isStopping else { return }
        status.deaths += 1
        status.lastDeath = ending.text
        status.lastError = reason
        startAt = now + restart.pauseAfterDeath()
        status.state = restart.isSuspended ? .suspended : .starting
        log.warning("A channel died", metadata: metadata(reason))
        reports.append(.down(channel: settings.name, reason: reason))
    }

    private func reason(of ending: ChildProcess.Ending) -> String {
        // Of one that was not started, the pipes may have been seen to close.
        if case .notStarted = ending { return "\(ending.sentence)." }
        var reason = endReason.map { "\($0) " } ?? ""
        reason += "\(ending.sentence)."
        if let last = errorText.last { reason += " Its last words: \(mask.apply(last))" }
        return reason
    }

    private func metadata(_ reason: String) -> Logger.Metadata {
        ["channel": "\(settings.name)", "reason": "\(reason)"]
    }
}
