import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Logging

/// Sends a second through the channel host to a real channel process, for each window, beside what
/// the same pipes carry when nobody reads the lines.
struct SendFigures {
    let duration: Duration
    let rounds: Int

    private static let windows = [1, 4, 16, 64, 256, 1_024]

    func measure() throws {
        let echo = try PipeEcho()
        defer { echo.stop() }
        let channel = try SendingChannel()
        defer { channel.stop() }
        for window in Self.windows {
            var sends: [Double] = []
            var limits: [Double] = []
            for _ in 0..<rounds {
                limits.append(
                    echo.measure(window: window, line: SendingChannel.line, for: duration))
                sends.append(channel.measure(window: window, for: duration))
            }
            report(window, sends.sorted(), limits.sorted())
        }
    }

    private func report(_ window: Int, _ sends: [Double], _ limits: [Double]) {
        guard let send = sends.quantile(0.5), let limit = limits.quantile(0.5) else { return }
        Report.figure(
            "sends", send, "1/s",
            [
                "window": .integer(Int64(window)), "pipe_alone": .number(limit.rounded()),
                "share": .number((send / limit).rounded(to: 3)),
                "bytes_per_message": .integer(Int64(SendingChannel.line.count)),
            ])
    }
}

/// The outbox channel behind a host.
private final class SendingChannel {
    private let host: ChannelHost
    private let folder: URL
    private var lastKey = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "workflow-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = Bundle.main.executableURL?.deletingLastPathComponent()
            .appendingPathComponent("OutboxChannel").path
        let settings = ChannelSettings(
            name: "sms", program: program ?? "", arguments: ["--channel", "sms"],
            config: ["path": .string("\(folder.path)/outbox.jsonl")], workingDirectory: folder.path)
        let began = ContinuousClock.now
        host = ChannelHost(
            [settings], clock: { ContinuousClock.now - began }, wake: {},
            log: Logger(label: "channels") { _ in SwiftLogNoOpLogHandler() })
        host.start()
        while host.capacity(of: "sms") == 0 { turn() }
    }

    func stop() {
        host.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Messages answered a second with `window` of them on their way.
    func measure(window: Int, for duration: Duration) -> Double {
        let clock = ContinuousClock()
        let began = clock.now
        var open = 0
        var answered = 0
        while open > 0 || clock.now - began < duration {
            while clock.now - began < duration, open < window {
                host.send(nextMessage(), on: "sms")
                open += 1
            }
            let answers = turn()
            answered += answers
            open -= answers
        }
        return Double(answered) / (clock.now - began).seconds
    }

    /// Waits for the pipes, and returns how many messages were answered.
    @discardableResult
    private func turn() -> Int {
        host.pump()
        if !host.hasReports { waitForPipes() }
        host.pump()
        return host.takeReports().reduce(0) { count, report in
            if case .answer = report { count + 1 } else { count }
        }
    }

    private func waitForPipes() {
        var items = host.descriptors.map { descriptor, wantsWrite in
            pollfd(fd: descriptor, events: Int16(wantsWrite ? POLLOUT : POLLIN), revents: 0)
        }
        _ = poll(&items, nfds_t(items.count), 10)
    }

    private func nextMessage() -> SendRequest {
        lastKey += 1
        return SendingChannel.message(key: "bench-\(lastKey)-0-0")
    }

    /// A message as a workflow's is.
    private static func message(key: String) -> SendRequest {
        SendRequest(
            key: key, attempt: 1, to: "+15550100", from: "+15550199",
            content: ["text": "Hi Ann, Evergreen Home Services here. Reply STOP to opt out."],
            at: "2026-03-02T15:00:00Z", notAfter: "2026-03-03T15:00:00Z",
            context: [
                "workflow": "follow-up", "step": "text", "enrollment": "en_1", "contact": "c-1",
            ])
    }

    /// Such a message as the channel reads it.
    static let line: [UInt8] = {
        var bytes: [UInt8] = []
        HostRequest.send(message(key: "bench-100000-0-0")).write(id: 100_000, to: &bytes)
        return bytes
    }()
}
