import Foundation
public import JSONLines

/// What an author of a channel writes; ``ChannelMain`` does the rest.
public protocol Channel {
    /// What the channel says of itself.
    var manifest: Manifest { get }

    /// Takes the configuration. With `check` it connects and sends nothing.
    /// - Throws: ``ConfigurationError`` with the reason, without any secret.
    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError)

    /// Sends messages that came together, and answers each, in order.
    mutating func send(_ messages: [SendRequest]) -> [SendAnswer]

    /// What became of the message with `key`; nil where it never came. Asked only where the manifest
    /// says so.
    mutating func query(key: String) -> SendAnswer?

    /// What happened since the last call: `status` and `inbound` lines.
    ///
    /// Asked about once a second, where the manifest names statuses or has `inbound`, and never while a
    /// thousand reports wait. The loop writes each again until the host has stored it. What is not
    /// acknowledged when the process ends is the channel's to report again.
    mutating func reports() -> [ChannelLine]
}

extension Channel {
    /// Reports nothing.
    public mutating func reports() -> [ChannelLine] { [] }

    /// Knows nothing of any key.
    public mutating func query(key: String) -> SendAnswer? { nil }
}

/// Why a configuration cannot be used.
public struct ConfigurationError: Error, Hashable, Sendable {
    /// The reason, without any secret.
    public let reason: String

    /// A refusal with `reason`.
    public init(_ reason: String) { self.reason = reason }
}

/// The main loop of a channel: takes requests from standard input and answers them on standard output,
/// until standard input ends.
///
/// Requests that one read brought are worked on together, and their answers leave in one write.
public struct ChannelMain<C: Channel> {
    private var channel: C
    private var splitter = LineSplitter(limit: 4 << 20)
    private var batch: [(id: JSON, message: SendRequest)] = []
    private var output: [UInt8] = []
    private var reports = ReportQueue()
    private var isConfigured = false
    private let began = ContinuousClock.now

    /// A loop for `channel`.
    public init(_ channel: C) { self.channel = channel }

    /// Runs until standard input ends; everything that came before is answered on return.
    public mutating func run() {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            guard waitForInput() else {
                takeReports()
                guard flush() else { return }
                continue
            }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            splitter.append(buffer[0..<count])
            while let line = splitter.next() { take(line) }
            sendBatch()
            guard flush() else { return }
        }
    }

    /// Waits for requests; false after a second without any, where there may be reports.
    private func waitForInput() -> Bool {
        guard isConfigured, channel.manifest.inbound || !channel.manifest.statuses.isEmpty else {
            return true
        }
        var item = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&item, 1, 1_000) != 0
    }

    private mutating func takeReports() {
        let now = ContinuousClock.now - began
        if reports.hasRoom { reports.add(channel.reports(), at: now) }
        reports.write(to: &output, at: now)
    }

    private mutating func take(_ line: LineSplitter.Line) {
        guard case .complete(let bytes) = line, let json = try? JSON(parsing: bytes) else {
            return complain("a line that is no JSON")
        }
        do throws(FieldError) {
            let (id, request) = try HostRequest.read(json)
            if case .send(let message) = request {
                batch.append((id, message))
            } else {
                sendBatch()
                answer(id, request)
            }
        } catch {
            complain("\(error.path): \(error.message)")
            if let id = json["id"] { answer(id, ["ok": false, "error": .string(error.message)]) }
        }
    }

    private mutating func answer(_ id: JSON, _ request: HostRequest) {
        switch request {
        case .hello: answer(id, ["manifest": channel.manifest.json])
        case .configure(let config, let check): configure(id, config, check)
        case .query(let key):
            answer(id, channel.query(key: key)?.members ?? ["outcome": "not_found"])
        case .ping, .drain: answer(id, ["ok": true])
        case .acknowledge(let eventID): reports.acknowledge(eventID)
        case .send: break
        }
    }

    private mutating func configure(_ id: JSON, _ config: JSONObject, _ check: Bool) {
        do throws(ConfigurationError) {
            try channel.configure(config, check: check)
            isConfigured = isConfigured || !check
            answer(id, ["ok": true])
        } catch {
            answer(id, ["ok": false, "error": .string(error.reason)])
        }
    }

    private mutating func sendBatch() {
        guard !batch.isEmpty else { return }
        let answers = channel.send(batch.map(\.message))
        precondition(answers.count == batch.count, "Each message has one answer.")
        for ((id, _), answer) in zip(batch, answers) { self.answer(id, answer.members) }
        batch = []
    }

    private mutating func answer(_ id: JSON, _ members: JSONObject) {
        var line: JSONObject = ["id": id]
        for (name, value) in members.members { line[name] = value }
        line.write(to: &output)
        output.append(0x0A)
    }

    private mutating func flush() -> Bool {
        defer { output.removeAll(keepingCapacity: true) }
        var rest = output[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func complain(_ reason: String) {
        FileHandle.standardError.write(Data("a request was refused: \(reason)\n".utf8))
    }
}
