import ChannelKit
import JSONLines
import Logging

@testable import ChannelHost

extension FuzzTarget {
    /// What a channel writes never harms the host: each request has at most one answer, and what is none
    /// of the protocol's is counted.
    static let hostSide = FuzzTarget("host-side") { bytes in
        var log = Logger(label: "fuzz")
        log.logLevel = .critical
        let process = ChannelProcess(
            ChannelSettings(name: "sms", program: "/none", workingDirectory: "/"), log: log
        ) {}
        process.greet(now: .zero)
        for number in 2...4 {
            let message = SendRequest(
                key: "k\(number)", attempt: 1, to: nil, from: nil, content: [:], notAfter: "",
                context: [:])
            process.request(.send(message), .send(key: message.key), deadline: .seconds(number))
        }
        process.request(.query(key: "k2"), .query(key: "k2"), deadline: .seconds(9))
        var splitter = LineSplitter(limit: 1 << 20)
        splitter.append(bytes)
        var now = Duration.zero
        while let line = splitter.next() {
            process.take(line, now: now)
            now += .milliseconds(500)
            process.keepDeadlines(now: now)
        }
        try check(process.takeReports())
    }

    private static func check(_ reports: [ChannelReport]) throws {
        var answered: [String: Int] = [:]
        for case .answer(_, let key, _) in reports { answered[key, default: 0] += 1 }
        try require(answered.allSatisfy { $0.value == 1 }, "A message has one answer.")
    }

    /// What a host writes never harms a channel; what is read is written in a form that reads equal.
    static let channelSide = FuzzTarget("channel-side") { bytes in
        guard let json = try? JSON(parsing: bytes) else { return }
        if let (id, request) = try? HostRequest.read(json) {
            var line: [UInt8] = []
            request.write(id: Int(id.integer ?? 1), to: &line)
            let again = (try? JSON(parsing: line)).flatMap { try? HostRequest.read($0) }
            try require(again?.request == request, "A request reads equal.")
        }
        if let read = try? ChannelLine(json) {
            var line: [UInt8] = []
            read.write(to: &line)
            let again = (try? JSON(parsing: line)).flatMap { try? ChannelLine($0) }
            try require(again == read, "A line reads equal.")
        }
        if let manifest = try? Manifest(json: json) {
            try require((try? Manifest(json: manifest.json)) == manifest, "A manifest reads equal.")
        }
    }
}
