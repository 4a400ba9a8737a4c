import ChannelKit
import Foundation
import JSONLines
import Logging

/// The owner of one channel: its child, what is with it, and when it is started again.
///
/// ``ChannelProcess/pump(now:)`` is one round: write, read, look whether the child has ended, keep the
/// time limits. What comes in is taken in `ChannelConversation.swift`, what goes wrong in
/// `ChannelFaults.swift`.
final class ChannelProcess {
    let settings: ChannelSettings
    let log: Logger
    private let wake: @Sendable () -> Void
    var status: ChannelStatus
    var child: ChildProcess?
    var restart = RestartPolicy()
    var startAt: Duration?
    var pausedUntil: Duration?
    var faultPause = ChannelProcess.faultPause
    var killAt: Duration?
    /// The latest ``killAt`` of a child that was asked to end.
    var lastKillAt = Duration.zero
    var readySince: Duration?
    /// Why the child is being ended, where the host began it.
    var endReason: String?
    /// After a time-out: whether the child has yet to show that it lives.
    var isProbing = false
    var isStopping = false
    var pending = PendingRequests()
    var errorText = ErrorText()
    var mask = SecretMask()
    var rate: SendRate?
    var answerRate = AnswerRate()
    var reports: [ChannelReport] = []
    private var stream = RequestStream()
    private var lines = LineSplitter(limit: ChannelProcess.lineLimit)
    private var buffer = [UInt8](repeating: 0, count: 1 << 17)

    /// The longest line that a channel may write.
    private static let lineLimit = 1 << 20
    /// Bytes that one round reads at most, so that a child that floods keeps nobody waiting.
    private static let readLimit = 1 << 20

    init(_ settings: ChannelSettings, log: Logger, wake: @escaping @Sendable () -> Void) {
        self.settings = settings
        self.wake = wake
        self.log = log
        rate = settings.perSecond.map(SendRate.init)
        status = ChannelStatus(name: settings.name, state: .starting)
    }

    // MARK: What the host asks

    /// How many more messages it takes now.
    func capacity(at now: Duration) -> Int {
        guard takesRequests, !isProbing else { return 0 }
        return max(0, min(status.window - status.inflight, rate?.room(at: now) ?? .max))
    }

    var takesRequests: Bool { status.state == .ready && child != nil && killAt == nil }

    /// How it is doing now.
    func currentStatus(at now: Duration) -> ChannelStatus {
        var status = status
        status.process = child?.process
        status.perSecond = settings.perSecond
        status.answeredLastMinute = answerRate.lastMinute(at: now)
        return status
    }

    var hasEnded: Bool { child == nil }

    func takeReports() -> [ChannelReport] {
        defer { reports = [] }
        return reports
    }

    /// What the loop is to poll.
    var descriptors: [(descriptor: Int32, wantsWrite: Bool)] {
        guard let child else { return [] }
        var descriptors = [(child.output, false), (child.errors, false)]
        if !stream.isEmpty { descriptors.append((child.input, true)) }
        return descriptors.filter { $0.0 >= 0 }
    }

    /// When something has to be done, or messages may go again, without anything coming in.
    func nextDeadline(after now: Duration) -> Duration? {
        [startAt, pausedUntil, killAt, pending.nextDeadline, rate?.next(after: now)]
            .compactMap { $0 }.min()
    }

    func start(at now: Duration) { startAt = now }

    func acknowledge(_ eventID: String) {
        guard child != nil else { return }
        stream.append(.acknowledge(eventID: eventID), id: pending.takeID())
    }

    func request(
        _ request: HostRequest, _ kind: PendingRequests.Request.Kind, deadline: Duration
    ) {
        let id = pending.takeID()
        stream.append(request, id: id)
        pending.add(.init(kind: kind, deadline: deadline, end: stream.end), id: id)
    }

    /// Whether the child's pipe has taken the whole of a request.
    func wasWritten(_ request: PendingRequests.Request) -> Bool { request.end <= stream.written }

    // MARK: One round

    /// Does all that can be done without waiting.
    func pump(now: Duration) {
        if let startAt, startAt <= now { launch(now: now) }
        guard let child else { return }
        write(to: child, now: now)
        readOutput(child, now: now)
        readErrors(child, now: now)
        if let ending = child.ending { return bury(child, ending, now: now) }
        keepDeadlines(now: now)
    }

    private func launch(now: Duration) {
        startAt = nil
        status.starts += 1
        status.state = restart.isSuspended ? .suspended : .starting
        lines = LineSplitter(limit: Self.lineLimit)
        stream = RequestStream()
        errorText = ErrorText()
        makeWorkingFolder()
        do {
            child = try ChildProcess(settings, wake: wake)
        } catch {
            status.lastError = "No pipe could be made: \(error)."
            startAt = now + restart.pauseAfterDeath()
            return
        }
        greet(now: now)
    }

    /// One that was removed, perhaps by the channel itself, is made again; where that fails, the start does too.
    private func makeWorkingFolder() {
        try? FileManager.default.createDirectory(
            atPath: settings.workingDirectory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    private func write(to child: ChildProcess, now: Duration) {
        if !stream.isEmpty, killAt == nil || isStopping, !stream.write(to: child) {
            return fail("It closed its input.", now: now)
        }
        if isStopping, stream.isEmpty { child.closeInput() }
    }

    private func readOutput(_ child: ChildProcess, now: Duration) {
        var total = 0
        while total < Self.readLimit, child.output >= 0 {
            switch ChildProcess.read(child.output, into: &buffer) {
            case .nothing: return
            case .end:
                child.closeOutput()
                if child.ending == nil { outputEnded(now: now) }
            case .bytes(let count):
                total += count
                lines.append(buffer[0..<count])
                while let line = lines.next() { take(line, now: now) }
            }
        }
    }

    private func readErrors(_ child: ChildProcess, now: Duration) {
        var total = 0
        while total < Self.readLimit, child.errors >= 0 {
            switch ChildProcess.read(child.errors, into: &buffer) {
            case .nothing: return
            case .end: child.closeErrors()
            case .bytes(let count):
                total += count
                errorText.take(buffer[0..<count], at: now) { line in
                    log.info("\(mask.apply(line))", metadata: ["channel": "\(settings.name)"])
                }
            }
        }
    }

    /// The child has ended: everything that was with it is settled.
    private func bury(_ child: ChildProcess, _ ending: ChildProcess.Ending, now: Duration) {
        readOutput(child, now: now)
        readErrors(child, now: now)
        self.child = nil
        giveUpPending(ending)
        mourn(ending, now: now)
    }
}
