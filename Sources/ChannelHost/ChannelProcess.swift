import ChannelKit
import JSONLines
import Logging

/// The owner of one channel: its child, what is with it, and when it is started again.
final class ChannelProcess {
    let settings: ChannelSettings
    private let wake: @Sendable () -> Void
    private let log: Logger
    private(set) var status: ChannelStatus
    private var child: ChildProcess?
    private var restart = RestartPolicy()
    private var startAt: Duration?
    private var pausedUntil: Duration?
    private var killAt: Duration?
    private var lines = LineSplitter(limit: 1 << 20)
    private var errorLines = LineSplitter(limit: 4_096)
    private var backlog: [UInt8] = []
    private var written = 0
    private var pending: [Int: Pending] = [:]
    private var nextID = 1
    private var buffer = [UInt8](repeating: 0, count: 1 << 17)
    private var reports: [ChannelReport] = []
    private var isStopping = false

    /// A request that has no answer yet.
    private struct Pending {
        enum Kind {
            case hello, configure
            case send(key: String)
            case query(key: String)
        }

        let kind: Kind
        let deadline: Duration
    }

    private static let helloTimeout = Duration.seconds(10)
    private static let configureTimeout = Duration.seconds(60)
    private static let queryTimeout = Duration.seconds(30)
    /// How long a channel whose configuration is at fault is left alone.
    private static let faultPause = Duration.seconds(60)
    /// Between asking the child to end and ending it.
    private static let grace = Duration.seconds(2)

    init(_ settings: ChannelSettings, log: Logger, wake: @escaping @Sendable () -> Void) {
        self.settings = settings
        self.wake = wake
        self.log = log
        status = ChannelStatus(name: settings.name, state: .starting)
    }

    // MARK: What the host asks

    /// How many more messages it takes now.
    var capacity: Int {
        guard status.state == .ready, child != nil else { return 0 }
        return max(0, status.window - status.inflight)
    }

    func start(at now: Duration) { startAt = now }

    func send(_ message: SendRequest, now: Duration) {
        let timeout = Duration.milliseconds(status.manifest?.sendTimeoutMilliseconds ?? 30_000)
        status.inflight += 1
        request(.send(message), .send(key: message.key), deadline: now + timeout)
    }

    func query(_ key: String, now: Duration) {
        guard child != nil, status.state == .ready else {
            reports.append(
                .queryAnswer(
                    channel: settings.name, key: key, .unknown(reason: "The channel is down.")))
            return
        }
        request(.query(key: key), .query(key: key), deadline: now + Self.queryTimeout)
    }

    func acknowledge(_ eventID: String) {
        guard child != nil else { return }
        HostRequest.acknowledge(eventID: eventID).write(id: takeID(), to: &backlog)
    }

    func takeReports() -> [ChannelReport] {
        defer { reports = [] }
        return reports
    }

    /// What the loop is to poll.
    var descriptors: [(descriptor: Int32, wantsWrite: Bool)] {
        guard let child else { return [] }
        var descriptors = [(child.output, false), (child.errors, false)]
        if written < backlog.count, child.input >= 0 { descriptors.append((child.input, true)) }
        return descriptors.filter { $0.0 >= 0 }
    }

    /// When something has to be done without anything coming in.
    var nextDeadline: Duration? {
        ([startAt, pausedUntil, killAt] + pending.values.map(\.deadline)).compactMap { $0 }.min()
    }

    /// Asks the child to end: its input is closed once everything is written.
    func beginStop(now: Duration) {
        isStopping = true
        startAt = nil
        status.state = .stopped
        writeBacklog()
        child?.closeInput()
        killAt = child == nil ? nil : now + Self.grace
    }

    var hasEnded: Bool { child == nil }

    // MARK: One round

    /// Does all that can be done without waiting.
    func pump(now: Duration) {
        if let startAt, startAt <= now { launch(now: now) }
        guard let child else { return }
        writeBacklog()
        readOutput(child, now: now)
        readErrors(child)
        if let ending = child.ending { return bury(ending, now: now) }
        keepDeadlines(now: now)
    }

    private func launch(now: Duration) {
        startAt = nil
        status.starts += 1
        status.state = restart.isSuspended ? .suspended : .starting
        do {
            child = try ChildProcess(settings, wake: wake)
        } catch {
            status.lastError = "No pipe could be made: \(error)."
            startAt = now + restart.pauseAfterDeath()
            return
        }
        lines = LineSplitter(limit: 1 << 20)
        errorLines = LineSplitter(limit: 4_096)
        request(.hello, .hello, deadline: now + Self.helloTimeout)
        writeBacklog()
    }

    private func takeID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    private func request(_ request: HostRequest, _ kind: Pending.Kind, deadline: Duration) {
        let id = takeID()
        pending[id] = Pending(kind: kind, deadline: deadline)
        request.write(id: id, to: &backlog)
    }

    private func writeBacklog() {
        guard let child, written < backlog.count else { return }
        guard let count = child.write(backlog[written...]) else { return }
        written += count
        if written == backlog.count {
            backlog.removeAll(keepingCapacity: backlog.capacity <= 1 << 20)
            written = 0
        } else if written > 1 << 20 {
            backlog.removeSubrange(0..<written)
            written = 0
        }
    }

    // MARK: Reading

    /// Bytes that one round reads at most, so that a child that floods keeps nobody waiting.
    private static let readLimit = 1 << 20

    private func readOutput(_ child: ChildProcess, now: Duration) {
        var total = 0
        while total < Self.readLimit {
            switch ChildProcess.read(child.output, into: &buffer) {
            case .nothing: return
            case .end: return outputEnded(now: now)
            case .bytes(let count):
                total += count
                lines.append(buffer[0..<count])
                while let line = lines.next() { take(line, now: now) }
            }
        }
    }

    /// A child that closed its output cannot answer any more.
    private func outputEnded(now: Duration) {
        guard killAt == nil, child?.ending == nil else { return }
        child?.closeInput()
        killAt = now + Self.grace
    }

    private func readErrors(_ child: ChildProcess) {
        var total = 0
        while total < Self.readLimit,
            case .bytes(let count) = ChildProcess.read(child.errors, into: &buffer)
        {
            total += count
            errorLines.append(buffer[0..<count])
            while let line = errorLines.next() {
                if case .complete(let bytes) = line {
                    log.debug(
                        "\(String(decoding: bytes, as: UTF8.self))",
                        metadata: ["channel": "\(settings.name)"])
                }
            }
        }
    }

    private func take(_ line: LineSplitter.Line, now: Duration) {
        guard case .complete(let bytes) = line, let json = try? JSON(parsing: bytes),
            let parsed = try? ChannelLine(json)
        else { return stray() }
        switch parsed {
        case .answer(let id, let answer):
            guard let request = pending.removeValue(forKey: id) else { return stray() }
            take(answer, for: request.kind, now: now)
        case .status(let eventID, let key, let answer):
            reports.append(.status(channel: settings.name, eventID: eventID, key: key, answer))
        case .inbound(let inbound): reports.append(.inbound(channel: settings.name, inbound))
        }
    }

    private func stray() {
        status.strayLines += 1
        if status.strayLines == 1 {
            log.warning(
                "A channel wrote a line that is none of the protocol's",
                metadata: ["channel": "\(settings.name)"])
        }
    }

    private func take(_ answer: JSON, for kind: Pending.Kind, now: Duration) {
        switch kind {
        case .hello: greeted(answer, now: now)
        case .configure: configured(answer, now: now)
        case .send(let key): sent(key, answer, now: now)
        case .query(let key):
            let outcome = answer["outcome"] == "not_found" ? nil : self.outcome(answer)
            reports.append(.queryAnswer(channel: settings.name, key: key, outcome))
        }
    }

    private func greeted(_ answer: JSON, now: Duration) {
        do throws(FieldError) {
            let manifest = try Manifest(json: answer["manifest"] ?? .null)
            status.manifest = manifest
            status.window = manifest.maxInflight
            request(
                .configure(settings.config, check: false), .configure,
                deadline: now + Self.configureTimeout)
        } catch {
            fail("Its manifest cannot be used: \(error.path): \(error.message)", now: now)
        }
    }

    private func configured(_ answer: JSON, now: Duration) {
        guard answer["ok"] == true else {
            let reason = answer["error"]?.string ?? "no reason given"
            return pause("Its configuration was refused: \(reason)", now: now)
        }
        becomeReady()
    }

    private func becomeReady() {
        status.state = .ready
        pausedUntil = nil
        reports.append(.ready(channel: settings.name))
    }

    private func sent(_ key: String, _ answer: JSON, now: Duration) {
        status.inflight -= 1
        status.answered += 1
        restart.succeeded()
        let outcome = outcome(answer)
        reports.append(.answer(channel: settings.name, key: key, outcome))
        if case .failed(let failure) = outcome, failure.kind == .config {
            pause("It reports a fault: \(failure.reason)", now: now)
        }
    }

    private func outcome(_ answer: JSON) -> SendAnswer {
        do throws(FieldError) {
            return try SendAnswer(members: answer)
        } catch {
            return .unknown(reason: "The answer cannot be read: \(error.path): \(error.message)")
        }
    }

    // MARK: Faults

    /// Leaves a channel alone whose configuration or account is at fault, and tries again later.
    private func pause(_ reason: String, now: Duration) {
        guard status.state != .faulty else { return }
        status.state = .faulty
        status.lastError = reason
        pausedUntil = now + Self.faultPause
        reports.append(.down(channel: settings.name, reason: reason))
        log.warning(
            "A channel is paused", metadata: ["channel": "\(settings.name)", "reason": "\(reason)"])
    }

    /// Ends a child that is of no use.
    private func fail(_ reason: String, now: Duration) {
        status.lastError = reason
        log.warning(
            "A channel is ended", metadata: ["channel": "\(settings.name)", "reason": "\(reason)"])
        child?.closeInput()
        child?.signalGroup(15)
        killAt = now + Self.grace
    }

    private func keepDeadlines(now: Duration) {
        if let killAt, killAt <= now {
            child?.signalGroup(9)
            self.killAt = now + Self.grace
        }
        if let pausedUntil, pausedUntil <= now {
            self.pausedUntil = nil
            request(
                .configure(settings.config, check: false), .configure,
                deadline: now + Self.configureTimeout)
        }
        for (id, request) in pending where request.deadline <= now { expire(id, request, now: now) }
    }

    private func expire(_ id: Int, _ request: Pending, now: Duration) {
        pending[id] = nil
        switch request.kind {
        case .hello: fail("It did not say hello in time.", now: now)
        case .configure: fail("It did not answer its configuration in time.", now: now)
        case .send(let key):
            status.inflight -= 1
            status.lastError = "It did not answer a message in time."
            reports.append(.answer(channel: settings.name, key: key, .unknown(reason: "timeout")))
        case .query(let key):
            reports.append(
                .queryAnswer(channel: settings.name, key: key, .unknown(reason: "timeout")))
        }
    }

    /// The child has ended: everything that was with it is in doubt.
    private func bury(_ ending: ChildProcess.Ending, now: Duration) {
        if let child { readOutput(child, now: now) }
        child?.signalGroup(9)
        child = nil
        killAt = nil
        pausedUntil = nil
        backlog = []
        written = 0
        giveUpPending(ending)
        guard !isStopping else { return }
        status.deaths += 1
        status.lastDeath = ending.text
        status.lastError = "It ended with \(ending.text)."
        startAt = now + restart.pauseAfterDeath()
        status.state = restart.isSuspended ? .suspended : .starting
        log.warning(
            "A channel died", metadata: ["channel": "\(settings.name)", "ending": "\(ending.text)"])
        reports.append(.down(channel: settings.name, reason: "It ended with \(ending.text)."))
    }

    private func giveUpPending(_ ending: ChildProcess.Ending) {
        for (_, request) in pending.sorted(by: { $0.key < $1.key }) {
            let reason = "The channel ended with \(ending.text)."
            switch request.kind {
            case .send(let key):
                reports.append(.answer(channel: settings.name, key: key, .unknown(reason: reason)))
            case .query(let key):
                reports.append(
                    .queryAnswer(channel: settings.name, key: key, .unknown(reason: reason)))
            case .hello, .configure: break
            }
        }
        pending = [:]
        status.inflight = 0
    }
}

extension ChannelProcess {
    /// How it is doing now.
    var currentStatus: ChannelStatus {
        var status = status
        status.process = child?.process
        return status
    }

}
