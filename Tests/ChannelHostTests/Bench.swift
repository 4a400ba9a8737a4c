import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Logging
import Synchronization

/// A host with one channel, a clock that the test moves, and all that was reported so far.
///
/// Time-outs and pauses pass only by ``advance(by:)``; what children do is awaited by polling.
final class Bench {
    let host: ChannelHost
    let folder: TemporaryFolder
    /// What the status named as wrong, one after the other.
    private(set) var reasons: [String] = []
    private var neighbourFolder: TemporaryFolder?
    private(set) var reports: [ChannelReport] = []
    private(set) var rounds = 0
    private let time = ManualTime()
    private let lines = LogLines()
    private let wakeUp = WakePipe()

    init(
        _ fault: String, arguments: [String] = [], config: JSONObject = [:],
        perSecond: Double? = nil
    ) throws {
        folder = try TemporaryFolder()
        let settings = ChannelSettings(
            name: "faulty", program: try Bench.program("FaultyChannel"),
            arguments: [fault] + arguments,
            environment: ["CHANNEL_TEST_PASSED"], config: config, perSecond: perSecond,
            workingDirectory: folder.path)
        host = Bench.host([settings], time, wakeUp, lines)
    }

    /// A channel that `/bin/sh` plays.
    init(script: String, config: JSONObject) throws {
        folder = try TemporaryFolder()
        let settings = ChannelSettings(
            name: "faulty", program: "/bin/sh", arguments: ["-c", script], config: config,
            workingDirectory: folder.path)
        host = Bench.host([settings], time, wakeUp, lines)
    }

    /// The same beside a channel that behaves, `healthy`.
    init(besideAHealthyOne fault: String, config: JSONObject) throws {
        folder = try TemporaryFolder()
        let program = try Bench.program("FaultyChannel")
        let faulty = ChannelSettings(
            name: "faulty", program: program, arguments: [fault], config: config,
            workingDirectory: folder.path)
        neighbourFolder = try TemporaryFolder()
        let healthy = ChannelSettings(
            name: "healthy", program: program, arguments: ["none"],
            workingDirectory: neighbourFolder?.path ?? folder.path)
        host = Bench.host([faulty, healthy], time, wakeUp, lines)
    }

    init(outbox channel: String) throws {
        folder = try TemporaryFolder()
        let settings = ChannelSettings(
            name: channel, program: try Bench.program("OutboxChannel"),
            arguments: ["--channel", channel],
            config: ["path": .string(folder.path + "/outbox.jsonl")], workingDirectory: folder.path)
        host = Bench.host([settings], time, wakeUp, lines)
    }

    init(program: String, arguments: [String] = [], channel: String = "faulty") throws {
        folder = try TemporaryFolder()
        let settings = ChannelSettings(
            name: channel, program: program, arguments: arguments,
            config: ["path": .string(folder.path + "/sent.jsonl")], workingDirectory: folder.path)
        host = Bench.host([settings], time, wakeUp, lines)
    }

    deinit { host.stop() }

    private static func host(
        _ settings: [ChannelSettings], _ time: ManualTime, _ wakeUp: WakePipe, _ lines: LogLines
    ) -> ChannelHost {
        signal(SIGPIPE, SIG_IGN)
        var log = Logger(label: "channels") { _ in KeepingHandler(lines: lines) }
        log.logLevel = .trace
        return ChannelHost(settings, clock: { time.now }, wake: { wakeUp.signal() }, log: log)
    }

    /// The executable `name` of this package's build.
    static func program(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        if !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent(name).path) {
            folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        }
        return folder.appendingPathComponent(name).path
    }

    /// Lets the host's clock go on by `duration` and pumps.
    func advance(by duration: Duration) {
        time.advance(by: duration)
        pump()
    }

    /// Pumps until `condition` holds.
    ///
    /// Gives up after a minute; the test's expectation then says what was missing.
    func run(until condition: (Bench) -> Bool) {
        let limit = ContinuousClock.now + .seconds(60)
        pump()
        while !condition(self), ContinuousClock.now < limit {
            wait()
            pump()
        }
    }

    /// How many rounds the poll loop goes while the clock stands still for `duration` of real time.
    func rounds(within duration: Duration) -> Int {
        rounds = 0
        let limit = ContinuousClock.now + duration
        while ContinuousClock.now < limit {
            wait(upTo: 50)
            pump()
        }
        return rounds
    }

    /// Starts the channel, and returns once it was ready, though it may have died since.
    func start() {
        host.start()
        run { bench in
            bench.reports.contains(.ready(channel: bench.name))
                && (bench.status.process != nil || !bench.downs.isEmpty)
        }
    }

    /// Whether it takes messages and its number is known, which may come a moment later.
    var isReady: Bool { status.state == .ready && status.process != nil }
    var status: ChannelStatus { host.statuses[0] }
    var name: String { status.name }

    func send(_ key: String, text: String = "Hello", on channel: String? = nil) {
        let message = SendRequest(
            key: key, attempt: 1, to: "+15550100", from: nil, content: ["text": .string(text)],
            notAfter: "2026-03-01T10:00:00Z", context: ["step": "welcome"])
        host.send(message, on: channel ?? name)
    }

    /// The answers of one channel so far, in order.
    func answers(of channel: String) -> [(key: String, answer: SendAnswer)] {
        reports.compactMap { report in
            guard case .answer(channel, let key, let answer) = report else { return nil }
            return (key, answer)
        }
    }

    /// The answers so far, in order.
    var answers: [(key: String, answer: SendAnswer)] {
        reports.compactMap { report in
            if case .answer(_, let key, let answer) = report { (key, answer) } else { nil }
        }
    }

    /// What was logged so far, with its metadata.
    var log: [String] { lines.all }

    var downs: [String] {
        reports.compactMap { if case .down(_, let reason) = $0 { reason } else { nil } }
    }

    private func pump() {
        host.pump()
        reports += host.takeReports()
        if let reason = status.lastError, reason != reasons.last { reasons.append(reason) }
    }

    private func wait(upTo milliseconds: Int32 = 100) {
        var items = host.descriptors.map { descriptor, wantsWrite in
            pollfd(fd: descriptor, events: Int16(wantsWrite ? POLLOUT : POLLIN), revents: 0)
        }
        items.append(pollfd(fd: wakeUp.reading, events: Int16(POLLIN), revents: 0))
        poll(&items, nfds_t(items.count), milliseconds)
        wakeUp.clear()
        rounds += 1
    }
}

/// A clock that stands still until it is moved.
private final class ManualTime: Sendable {
    private let value = Mutex(Duration.zero)
    var now: Duration { value.withLock { $0 } }
    func advance(by duration: Duration) { value.withLock { $0 += duration } }
}

/// The lines that were logged.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Keeps what is logged.
private struct KeepingHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:])") }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

/// Ends a poll from another thread.
private final class WakePipe: Sendable {
    let reading: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    func signal() { _ = write(writing, "!", 1) }

    func clear() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(reading, &buffer, buffer.count) > 0 {}
    }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "channels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
