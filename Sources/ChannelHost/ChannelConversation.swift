import ChannelKit
import JSONLines
import Logging

/// What is said: requests of the host, and what the channel's lines mean.
extension ChannelProcess {
    private static let helloTimeout = Duration.seconds(10)
    private static let configureTimeout = Duration.seconds(60)
    private static let queryTimeout = Duration.seconds(30)
    /// Bytes that are kept of what a contact wrote: more than a signal may hold, which is cut there.
    private static let textLimit = 1 << 17
    /// Bytes that are kept of a reason: it is for people, and stands in each event about a failure.
    private static let reasonLimit = 1_000

    private var sendTimeout: Duration {
        .milliseconds(status.manifest?.sendTimeoutMilliseconds ?? 30_000)
    }

    // MARK: Requests

    func greet(now: Duration) { request(.hello, .hello, deadline: now + Self.helloTimeout) }

    func configure(now: Duration) {
        do throws(SecretReferences.Unresolved) {
            let resolved = try SecretReferences.resolve(settings.config)
            mask = SecretMask(resolved, schema: status.manifest?.config ?? [:])
            request(
                .configure(resolved.config, check: false), .configure,
                deadline: now + Self.configureTimeout)
        } catch {
            pause("Its configuration cannot be read: \(error)", now: now)
        }
    }

    func send(_ message: SendRequest, now: Duration) {
        guard takesRequests else { return didNotGo(message.key, "The channel is down.") }
        status.inflight += 1
        rate?.take(at: now)
        request(.send(message), .send(key: message.key), deadline: now + sendTimeout)
    }

    func query(_ key: String, now: Duration) {
        guard takesRequests else {
            return answerQuery(key, .unknown(reason: "The channel is down."))
        }
        request(.query(key: key), .query(key: key), deadline: now + Self.queryTimeout)
    }

    /// Asks a child that let a message's time pass whether it lives; until it does, it gets no more.
    func probe(now: Duration) {
        guard !isProbing, takesRequests else { return }
        isProbing = true
        request(.ping, .ping, deadline: now + sendTimeout)
    }

    // MARK: Lines

    func take(_ line: LineSplitter.Line, now: Duration) {
        guard case .complete(let bytes) = line, let json = try? JSON(parsing: bytes) else {
            return stray("It wrote a line that is none of the protocol's.")
        }
        do throws(FieldError) {
            try take(ChannelLine(json), now: now)
        } catch {
            stray("It wrote a line that is none of the protocol's: \(error.path): \(error.message)")
        }
    }

    private func take(_ line: ChannelLine, now: Duration) {
        switch line {
        case .answer(let id, let answer): take(answer, to: id, now: now)
        case .status(let eventID, let key, let answer):
            reports.append(
                .status(
                    channel: settings.name, eventID: eventID, key: key, answer.with(shown)))
        case .inbound(var inbound):
            inbound.text = inbound.text?.bounded(to: Self.textLimit)
            reports.append(.inbound(channel: settings.name, inbound))
        }
    }

    private func stray(_ reason: String) {
        status.strayLines += 1
        status.lastError = reason
        guard status.strayLines == 1 else { return }
        log.warning(
            "A channel wrote a line that is none of the protocol's",
            metadata: ["channel": "\(settings.name)"])
    }

    /// Takes an answer; one that comes after its time shows only that the channel lives.
    private func take(_ answer: JSON, to id: Int, now: Duration) {
        postponeEnd(now: now)
        guard let request = pending.answered(id) else {
            if pending.knows(id) { isProbing = false }
            if !pending.takeLate(id) { stray("It gave an answer that nobody waits for.") }
            return
        }
        isProbing = false
        switch request.kind {
        case .hello: greeted(answer, now: now)
        case .configure: configured(answer, now: now)
        case .ping: break
        case .send(let key): sent(key, answer, now: now)
        case .query(let key):
            answerQuery(key, answer["outcome"] == "not_found" ? nil : outcome(answer))
        }
    }

    private func greeted(_ answer: JSON, now: Duration) {
        do throws(FieldError) {
            let manifest = try Manifest(json: answer["manifest"] ?? .null)
            warnOfOtherName(manifest)
            status.manifest = manifest
            status.hasSaidHello = true
            status.window = manifest.maxInflight
            configure(now: now)
        } catch {
            fail("Its manifest cannot be used: \(error.path): \(error.message)", now: now)
        }
    }

    private func warnOfOtherName(_ manifest: Manifest) {
        guard manifest.channel != settings.name, status.manifest?.channel != manifest.channel else {
            return
        }
        log.warning(
            "A channel's manifest names another channel; workflows use the name that it is installed by",
            metadata: ["channel": "\(settings.name)", "manifest": "\(manifest.channel)"])
    }

    private func configured(_ answer: JSON, now: Duration) {
        guard answer["ok"] == true else {
            let reason = answer["error"]?.string ?? "no reason given"
            return pause("Its configuration was refused: \(shown(reason))", now: now)
        }
        pausedUntil = nil
        guard status.state != .ready, !isStopping else { return }
        status.state = .ready
        readySince = now
        reports.append(.ready(channel: settings.name))
    }

    private func sent(_ key: String, _ answer: JSON, now: Duration) {
        status.inflight -= 1
        status.answered += 1
        answerRate.count(at: now)
        restart.succeeded()
        let outcome = outcome(answer)
        reports.append(.answer(channel: settings.name, key: key, outcome))
        if case .failed(let failure) = outcome, failure.kind == .config {
            let asked = failure.retryAfterMilliseconds.map(Duration.milliseconds)
            pause("It reports a fault: \(failure.reason)", now: now, asked: asked)
        } else {
            faultPause = Self.faultPause
        }
    }

    private func outcome(_ answer: JSON) -> SendAnswer {
        do throws(FieldError) {
            return try SendAnswer(members: answer).with(shown)
        } catch {
            let reason = "The answer cannot be read: \(error.path): \(error.message)"
            status.lastError = reason
            return .unknown(reason: reason)
        }
    }

    /// What a channel wrote for people, without secrets and not endless.
    private func shown(_ text: String) -> String { mask.apply(text).bounded(to: Self.reasonLimit) }

    // MARK: Answers that the host gives itself

    /// It is the channel's fault and not the message's, so that it uses up no attempt.
    func didNotGo(_ key: String, _ reason: String) {
        let failure = SendAnswer.Failure(.config, reason: reason)
        reports.append(.answer(channel: settings.name, key: key, .failed(failure)))
    }

    func isUnknown(_ key: String, _ reason: String) {
        reports.append(.answer(channel: settings.name, key: key, .unknown(reason: reason)))
    }

    func answerQuery(_ key: String, _ answer: SendAnswer?) {
        reports.append(.queryAnswer(channel: settings.name, key: key, answer))
    }
}

extension SendAnswer {
    /// The same with reasons as `shown` lets people see them.
    fileprivate func with(_ shown: (String) -> String) -> SendAnswer {
        switch self {
        case .failed(var failure):
            failure.reason = shown(failure.reason)
            return .failed(failure)
        case .unknown(let reason): return .unknown(reason: shown(reason))
        case .accepted, .sent, .delivered: return self
        }
    }
}
