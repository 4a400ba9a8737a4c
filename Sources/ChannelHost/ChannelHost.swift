public import ChannelKit
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
    public func start() {
        for process in processes { process.start(at: clock()) }
        pump()
    }

    /// What the loop is to poll: the pipes that children write, and those of ours that are full.
    public var descriptors: [(descriptor: Int32, wantsWrite: Bool)] {
        processes.flatMap(\.descriptors)
    }

    /// How long it may be until ``pump()``; nil where nothing is to be done by itself.
    public var nextDeadline: Duration? {
        processes.compactMap(\.nextDeadline).min().map { max(.zero, $0 - clock()) }
    }

    /// Does all that can be done without waiting: reads, writes, keeps time limits, starts and ends children.
    public func pump() {
        let now = clock()
        for process in processes { process.pump(now: now) }
    }

    /// What happened since the last call, in order for each channel.
    public func takeReports() -> [ChannelReport] { processes.flatMap { $0.takeReports() } }

    /// How many more messages `channel` takes now: 0 while it does not run or its window is full.
    public func capacity(of channel: String) -> Int { byName[channel]?.capacity ?? 0 }

    /// Hands `message` to `channel`, which answers exactly once by a report; `unknown` where it dies first.
    ///
    /// On return the message is queued; the next ``pump()`` writes it.
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
    public var statuses: [ChannelStatus] { processes.map(\.currentStatus) }

    /// Ends all channels: closes their input, and after 2 s ends them by force.
    ///
    /// Blocks until all have ended.
    public func stop() {
        for process in processes { process.beginStop(now: clock()) }
        while processes.contains(where: { !$0.hasEnded }) {
            pump()
            StopPause.wait()
        }
    }
}
