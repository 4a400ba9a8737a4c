import ChannelKit
import Foundation
import JSONLines

/// Writes each message to a file instead of sending it: what a channel does that has no account yet, so
/// that a new user's first run reaches nobody.
///
/// The file holds one JSON object a line. It is read at the start, so that a repeated key is told over
/// restarts as well. One process has it at a time: one that is still finishing what it had, because the
/// service was killed, lets its successor wait, so that both never write the same key.
struct OutboxChannel: ImmediateChannel {
    let manifest: Manifest
    private var file: Int32 = -1
    private var keys: Set<String> = []

    init(channel: String) {
        manifest = Manifest(
            name: "OutboxChannel", version: "1.0.0", channel: channel,
            address: OutboxChannel.address(of: channel), maxInflight: 1_024, dedupe: .local,
            query: true,
            config: [
                "path": ["description": "The file that messages are written to.", "required": true]
            ])
    }

    private static func address(of channel: String) -> Manifest.Address {
        switch channel {
        case "sms": .contact(field: "phone")
        case "call_reminder": .staff
        case "email": .contact(field: "email")
        default: .contact(field: channel)
        }
    }

    mutating func configure(_ config: JSONObject, check: Bool) throws(ConfigurationError) {
        guard let path = config["path"]?.string, !path.isEmpty else {
            throw ConfigurationError("The configuration has no path.")
        }
        if file >= 0 { close(file) }
        file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ConfigurationError(
                "The file cannot be opened: \(String(cString: strerror(errno))).")
        }
        try waitUntilAlone()
        guard hasRoom else {
            throw ConfigurationError(
                "The file cannot be written: \(String(cString: strerror(errno))).")
        }
        keys = try OutboxChannel.keys(in: path)
    }

    /// Locks the file; the lock is let go when the process ends, however it ends.
    private func waitUntilAlone() throws(ConfigurationError) {
        let limit = ContinuousClock.now + OutboxChannel.patience
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < limit else {
                throw ConfigurationError(
                    "Another process of this channel still holds the file; end it.")
            }
            usleep(10_000)
        }
    }

    /// How long a predecessor may take; the host waits longer for the answer.
    private static let patience = Duration.seconds(45)

    /// Whether the disk takes some more messages: tried with empty lines, which are taken back.
    private var hasRoom: Bool {
        let end = lseek(file, 0, SEEK_END)
        guard append([UInt8](repeating: 0x0A, count: OutboxChannel.room)) else { return false }
        return ftruncate(file, end) == 0
    }

    /// Bytes for a good number of messages, so that it is not full again at once.
    private static let room = 65_536
    /// Until a disk that takes no more is tried again.
    private static let pauseMilliseconds = 2_000

    /// The keys of all whole lines; a last line that a crash cut off is ended, so that the next stands alone.
    private static func keys(in path: String) throws(ConfigurationError) -> Set<String> {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("The file cannot be read.")
        }
        var keys: Set<String> = []
        for line in data.split(separator: 0x0A) {
            if let key = (try? JSON(parsing: line))?["key"]?.string { keys.insert(key) }
        }
        return keys
    }

    mutating func send(_ messages: [SendRequest]) -> [SendAnswer] {
        var lines: [UInt8] = []
        var fresh: Set<String> = []
        for message in messages
        where !keys.contains(message.key) && obstacle(message) == nil
            && fresh.insert(message.key).inserted
        {
            line(message).write(to: &lines)
            lines.append(0x0A)
        }
        guard lines.isEmpty || append(lines) else {
            let reason = String(cString: strerror(errno))
            return messages.map { message in
                fresh.contains(message.key)
                    ? .failed(
                        .init(
                            .config, reason: "outbox: \(reason)",
                            retryAfterMilliseconds: OutboxChannel.pauseMilliseconds))
                    : answer(message)
            }
        }
        keys.formUnion(fresh)
        return messages.map(answer)
    }

    private func answer(_ message: SendRequest) -> SendAnswer {
        keys.contains(message.key) ? .sent : obstacle(message) ?? .sent
    }

    /// Why a message that was never written must not be.
    private func obstacle(_ message: SendRequest) -> SendAnswer? {
        if message.to == nil, manifest.address != .staff {
            return .failed(.init(.permanent, reason: "to: This field is required."))
        }
        return HandoverClock.isTooLate(message) ? .tooLate : nil
    }

    mutating func query(key: String) -> SendAnswer? { keys.contains(key) ? .sent : nil }

    private func line(_ message: SendRequest) -> JSONObject {
        var object: JSONObject = [
            "key": .string(message.key), "channel": .string(manifest.channel),
        ]
        object["to"] = message.to.map(JSON.string)
        object["from"] = message.from.map(JSON.string)
        object["content"] = .object(message.content)
        object["context"] = .object(message.context)
        return object
    }

    /// Writes whole lines at the end of the file; where the disk is full, none of them stays.
    private func append(_ bytes: [UInt8]) -> Bool {
        let end = lseek(file, 0, SEEK_END)
        var rest = needsLineEnd(before: end) ? [0x0A] + bytes : bytes
        while !rest.isEmpty {
            let count = write(file, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = errno
                ftruncate(file, end)
                errno = error
                return false
            }
            rest.removeFirst(count)
        }
        return true
    }

    private func needsLineEnd(before end: off_t) -> Bool {
        var last: UInt8 = 0x0A
        return end > 0 && pread(file, &last, 1, end - 1) == 1 && last != 0x0A
    }
}

/// The program: `OutboxChannel --channel sms`.
@main
enum Program {
    static func main() {
        let arguments = CommandLine.arguments
        let index = arguments.firstIndex(of: "--channel")
        guard let index, arguments.indices.contains(index + 1) else {
            FileHandle.standardError.write(Data("usage: OutboxChannel --channel NAME\n".utf8))
            exit(64)
        }
        var loop = ChannelMain(OutboxChannel(channel: arguments[index + 1]))
        loop.run()
    }
}
