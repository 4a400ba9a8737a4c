public import ChannelKit
import Glibc
public import Logging

/// Runs the channels: starts their executables, talks to them over pipes, and starts them again when
/// they die.
///
/// It is confined to the thread of the loop that owns it, and never blocks but in ``stop()``.
public final class ChannelHost {
    private let processes: [ChannelProcess]
    private let byName: [String: ChannelProcess]
    private let clock: () -> Duration

    /// A host for `channels`, none of which runs yet.
    ///
    /// - Parameters:
    ///   - clock: real time since some origin.
    ///   - wake: called on any thread when ``pump()`` has something to do that no descriptor tells.
    public init(
        _ channels: [ChannelSettings], clock: @escaping () -> Duration,
        wake: @escaping @Sendable () -> Void,
        log: Logger
    ) {
        self.clock = clock
        processes = channels.map { ChannelProcess($0, log: log, wake: wake) }
        byName = Dictionary(processes.map { ($0.settings.name, $0) }) { first, _ in first }
    }

    /// Starts all channels; each reports when it is ready.
    ///
    /// From here on the process ignores SIGPIPE: writing to a child that has died would end it.
    public func start() {
        signal(SIGPIPE, SIG_IGN)
        for process in processes { process.start(at: clock()) }
        pump()
    }

    /// What the loop is to poll: the pipes that children write, and those of ours that are full.
    public var descriptors: [(descriptor: Int32, wantsWrite: Bool)] {
        processes.flatMap(\.descriptors)
    }

    /// How long it may be until ``pump()``; nil where nothing is to be done by itself.
    public var nextDeadline: Duration? {
        {
            let now = clock()
            return processes.compactMap { $0.nextDeadline(after: now) }.min().map {
                max(.zero, $0 - now)
            }
        }()
    }

    /// Does all that can be done without waiting: reads, writes, keeps time limits, starts and ends children.
    public func pump() {
        let now = clock()
        for process in processes { process.pump(now: now) }
    }

    /// Whether ``takeReports()`` has something to give.
    ///
    /// No descriptor tells it: a channel may answer within the very ``pump()`` that writes to it.
    public var hasReports: Bool { processes.contains { !$0.reports.isEmpty } }

    /// What happened since the last call, in order for each channel.
    public func takeReports() -> [ChannelReport] { processes.flatMap { $0.takeReports() } }

    /// How many more messages `channel` takes now: 0 while it does not run or its window is full.
    public func capacity(of channel: String) -> Int { byName[channel]?.capacity(at: clock()) ?? 0 }

    /// Hands `message` to `channel`; exactly one report is its answer.
    ///
    /// Where the channel dies first or takes too long, the answer is `unknown`. Where the message
    /// provably never reached the channel, because it is down or died before it had read the whole
    /// line, the answer is a failure of kind `config`. On return the message is queued; the next ``pump()``
    /// writes it. There is one at most for each unit of ``capacity(of:)``.
    public func send(_ message: SendRequest, on channel: String) {
        byName[channel]?.send(message, now: clock())
    }

    /// Asks `channel` what became of the message with `key`; the answer is a report.
    public func query(key: String, on channel: String) { byName[channel]?.query(key, now: clock()) }

    /// Tells `channel` that its report `eventID` is stored.
    public func acknowledge(_ eventID: String, on channel: String) {
        byName[channel]?.acknowledge(eventID)
    }

    /// How each channel is doing.
    public var statuses: [ChannelStatus] {
        let now = clock()
        return processes.map { $0.currentStatus(at: now) }
    }

    /// Ends all channels: lets them answer what was queued, closes their input, and ends them by force
    /// 2 s after their last answer, 8 s after this call at the latest.
    ///
    /// Blocks until all have ended, and never more than 10 s. What they still
    /// answered is among the reports, so take these once more.
    public func stop() {
        // Real time, since a clock that stands still would let a stubborn child live for ever.
        let began = ContinuousClock.now
        let base = clock()
        for process in processes { process.beginStop(now: base) }
        let limit = began + .seconds(10)
        while processes.contains(where: { !$0.hasEnded }), ContinuousClock.now < limit {
            StopPause.wait(for: descriptors)
            for process in processes { process.pump(now: base + (ContinuousClock.now - began)) }
        }
    }
}
