import ChannelKit
import Foundation
import JSONLines
import Logging
import WorkflowModel
import WorkflowProtocol
import WorkflowService
import WorkflowStore

extension FuzzTarget {
    /// A line of a channel, with `$` for what keys here begin with: whatever it reports ends nothing, is
    /// acknowledged, and moves no message of another channel.
    static let report = FuzzTarget("report") { bytes in
        guard let json = try? JSON(parsing: bytes), let line = try? ChannelLine(json) else {
            return
        }
        try ReportedService.shared.take(line)
    }
}

/// A service with a message that is with `sms`, about which `email` reports.
private final class ReportedService: @unchecked Sendable {
    static let shared = ReportedService()
    private let service: WorkflowService?
    private let channels = TalkingChannels()
    private let lock = NSLock()

    private init() {
        service = .forFuzzing(channels)
        for line in ReportedService.preparation { _ = exchange(line) }
    }

    private func exchange(_ line: String) -> JSON? {
        let message = IncomingMessage(envelope: [[1], []], body: Array(line.utf8))
        let body = service?.turn([message]).replies.first?.body.dropLast()
        return body.flatMap { try? JSON(parsing: $0) }?["result"]
    }

    func take(_ line: ChannelLine) throws {
        try lock.withLock {
            let ask = #"{"op":"enrollment.get","args":{"enrollment":"en_1"}}"#
            let before = exchange(ask)
            try require(before?["waits_for"] == "answer", "The message is with its channel.")
            channels.reports = reports(line)
            channels.acknowledged = 0
            let isAnswer = if case .answer = line { true } else { false }
            try require(exchange(ask) == before, "A report moves no message of another channel.")
            try require(isAnswer || channels.acknowledged == 1, "It is acknowledged.")
        }
    }

    private func reports(_ line: ChannelLine) -> [GatewayReport] {
        switch line {
        case .answer(_, let json):
            guard let key = key(json["key"]?.string ?? ""),
                let answer = try? SendAnswer(members: json)
            else { return [] }
            let outcome = SendOutcome(answer)
            return [
                .answer(channel: "email", key: key, outcome),
                .queryAnswer(channel: "email", key: key, outcome),
                .queryAnswer(channel: "email", key: key, nil),
            ]
        case .status(let id, let key, let answer):
            return [
                .status(
                    channel: "email", eventID: id, key: self.key(key) ?? key, SendOutcome(answer))
            ]
        case .inbound(let inbound):
            let kind = InboundEvent.Kind(rawValue: inbound.kind.rawValue) ?? .reply
            return [
                .inbound(
                    channel: "email",
                    InboundEvent(
                        eventID: inbound.eventID, kind: kind, from: inbound.from,
                        key: inbound.key.map { key($0) ?? $0 }, text: inbound.text,
                        at: inbound.at.flatMap(Instant.init(rfc3339:))))
            ]
        }
    }

    private func key(_ text: String) -> String? {
        service.map { text.replacing("$", with: $0.identity.instance) }
    }

    private static let preparation = [
        """
        {"op":"settings.put","args":{"time_zone":"America/New_York","notifications":{"quiet_hours":null}}}
        """,
        """
        {"op":"workflow.create","args":{"id":"w","definition":{"name":"W","exits":[{"name":"out",\
        "when":{"signal":"message.failed"}},{"name":"in","when":{"signal":"message.delivered"}}],\
        "steps":[{"id":"m","kind":"message","channel":"sms","content":{"text":"Hi"}},\
        {"id":"n","kind":"message","channel":"email","content":{"subject":"s","text":"t"}}]}}}
        """,
        #"{"op":"workflow.activate","args":{"workflow":"w"}}"#,
        """
        {"op":"enrollment.create","args":{"workflow":"w","contact":{"id":"c","fields":{"phone":"+12125550100"}}}}
        """,
    ]
}

extension SendOutcome {
    fileprivate init(_ answer: SendAnswer) {
        switch answer {
        case .accepted: self = .accepted
        case .sent: self = .sent
        case .delivered: self = .delivered
        case .unknown(let reason): self = .unknown(reason: reason)
        case .failed(let failure):
            let kind = SendFailure.Kind(rawValue: failure.kind.rawValue) ?? .permanent
            self = .failed(SendFailure(kind, reason: failure.reason))
        }
    }
}

/// Channels that answer nothing, and report what they are told to.
private final class TalkingChannels: ChannelGateway {
    var reports: [GatewayReport] = []
    var acknowledged = 0
    let channels = ["sms", "email"].map {
        ChannelState(
            name: $0, capacity: 1_000, isUp: true, isStarting: false,
            audience: .contact(addressField: $0 == "sms" ? "phone" : "email"),
            tellsRepeatedKeys: false, answersQueries: false)
    }

    func send(_ message: ClaimedMessage) {}
    func query(key: String, on channel: String) {}
    func acknowledge(_ eventID: String, on channel: String) { acknowledged += 1 }
    func takeReports() -> [GatewayReport] {
        defer { reports = [] }
        return reports
    }
    var statusJSON: [JSON] { [] }
}
