import Foundation
import JSONLines

/// The main loop of a channel: takes requests from standard input and answers them on standard output,
/// until standard input ends.
///
/// Requests that one read brought are worked on together, and the answers that they get at once leave
/// in one write.
public struct ChannelMain<C: Channel> {
    private var channel: C
    private var splitter = LineSplitter(limit: 4 << 20)
    private var batch: [SendTicket] = []
    private let output = ChannelOutput()
    private var reports = ReportQueue()
    private var isConfigured = false
    private let began = ContinuousClock.now
    private var reportsAt = Duration.zero

    /// A loop for `channel`.
    public init(_ channel: C) { self.channel = channel }

    /// Runs until standard input ends; everything that came before is answered on return.
    public mutating func run() {
        // Errors of `write` tell what these would end the process for: nobody reads, the disk is full.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            takeReports()
            guard waitForInput() else { continue }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return output.waitUntilSettled() }
            splitter.append(buffer[0..<count])
            output.hold()
            while let line = splitter.next() { take(line) }
            sendBatch()
            output.release()
        }
    }

    private var mayReport: Bool {
        isConfigured && (channel.manifest.inbound || !channel.manifest.statuses.isEmpty)
    }

    /// Waits for requests; false after a second without any, where there may be reports.
    private func waitForInput() -> Bool {
        guard mayReport else { return true }
        var item = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&item, 1, 1_000) != 0
    }

    /// Asks for reports and writes them, once a second, however busy the channel is.
    private mutating func takeReports() {
        let now = ContinuousClock.now - began
        guard mayReport, now >= reportsAt else { return }
        reportsAt = now + .seconds(1)
        if reports.hasRoom { reports.add(channel.reports(), at: now) }
        output.write { reports.write(to: &$0, at: now) }
    }

    private mutating func take(_ line: LineSplitter.Line) {
        guard case .complete(let bytes) = line, let json = try? JSON(parsing: bytes) else {
            return complain("a line that is no JSON")
        }
        do throws(FieldError) {
            let (id, request) = try HostRequest.read(json)
            if case .send(let message) = request {
                take(message, id)
            } else {
                sendBatch()
                answer(id, request)
            }
        } catch {
            complain("\(error.path): \(error.message)")
            if let id = json["id"] {
                output.answer(id, ["ok": false, "error": .string(error.message)])
            }
        }
    }

    private mutating func take(_ message: SendRequest, _ id: JSON) {
        output.expect(1)
        let ticket = SendTicket(message: message, id: id, output: output)
        guard isConfigured else {
            return ticket.answer(.failed(.init(.config, reason: "It is not configured yet.")))
        }
        batch.append(ticket)
    }

    private mutating func answer(_ id: JSON, _ request: HostRequest) {
        switch request {
        case .hello: output.answer(id, ["manifest": channel.manifest.json])
        case .configure(let config, let check): configure(id, config, check)
        case .query(let key):
            output.answer(id, channel.query(key: key)?.members ?? ["outcome": "not_found"])
        case .ping: output.answer(id, ["ok": true])
        case .drain: output.drain(id)
        case .acknowledge(let eventID):
            reports.acknowledge(eventID)
            channel.acknowledged(eventID)
        case .send: break
        }
    }

    private mutating func configure(_ id: JSON, _ config: JSONObject, _ check: Bool) {
        do throws(ConfigurationError) {
            try channel.configure(config, check: check)
            isConfigured = isConfigured || !check
            output.answer(id, ["ok": true])
        } catch {
            output.answer(id, ["ok": false, "error": .string(error.reason)])
        }
    }

    private mutating func sendBatch() {
        guard !batch.isEmpty else { return }
        channel.send(batch)
        batch = []
    }

    private func complain(_ reason: String) {
        FileHandle.standardError.write(Data("a request was refused: \(reason)\n".utf8))
    }
}
