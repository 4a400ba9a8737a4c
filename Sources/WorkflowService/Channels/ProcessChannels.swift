import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Logging
import WorkflowModel
import ZeroMQ

/// The channels that are child processes, as the service sees them.
final class ProcessChannels: ChannelGateway {
    private let host: ChannelHost
    /// What is started for each channel.
    private let installations: [String: String]

    init(
        _ configuration: Configuration, directory: DataDirectory, clock: ServiceClock, log: Logger,
        wake: @escaping @Sendable () -> Void
    ) throws(StartError) {
        let settings = try ChannelInstallation(configuration: configuration, directory: directory)
            .settings()
        installations = Dictionary(
            settings.map { ($0.name, ([$0.program] + $0.arguments).joined(separator: "\u{1F}")) }
        ) { first, _ in first }
        host = ChannelHost(settings, clock: { clock.elapsed }, wake: wake, log: log)
    }

    func start() { host.start() }
    func stop() { host.stop() }
    func pump() { host.pump() }

    var pollItems: [PollItem] {
        host.descriptors.map {
            PollItem(.descriptor($0.descriptor), $0.wantsWrite ? .writable : .readable)
        }
    }

    /// How long it may be until ``pump()`` and the next turn; zero where a report waits to be taken.
    var nextPump: Duration { host.hasReports ? .zero : host.nextDeadline ?? .seconds(1) }

    // MARK: Gateway

    var channels: [ChannelState] {
        host.statuses.map { status in
            ChannelState(
                name: status.name, capacity: host.capacity(of: status.name),
                isUp: status.state == .ready,
                isStarting: status.state == .starting,
                installation: installations[status.name] ?? "",
                audience: status.hasSaidHello ? status.manifest?.audience ?? .unknown : .unknown,
                tellsRepeatedKeys: status.manifest.map { $0.dedupe != .none } ?? false,
                answersQueries: status.manifest?.query ?? false)
        }
    }

    func send(_ message: ClaimedMessage) {
        host.send(
            SendRequest(
                key: message.key, attempt: message.attempt, to: message.request["to"]?.string,
                from: message.request["from"]?.string,
                content: message.request["content"]?.object ?? [:], at: message.at.rfc3339,
                notAfter: message.notAfter.rfc3339,
                context: message.request["context"]?.object ?? [:],
                resend: message.request["resend"] == true,
                ruledOut: message.request["ruled_out"]?.integer.map(Int.init)),
            on: message.channel)
    }

    func query(key: String, on channel: String) { host.query(key: key, on: channel) }
    func acknowledge(_ eventID: String, on channel: String) {
        host.acknowledge(eventID, on: channel)
    }
    func takeReports() -> [GatewayReport] { host.takeReports().map(GatewayReport.init) }
    var statusJSON: [JSON] { host.statuses.map(\.json) }
}

extension Manifest {
    fileprivate var audience: ChannelFacts.Audience {
        switch address {
        case .contact(let field): .contact(addressField: field)
        case .staff: .staff
        }
    }
}

extension GatewayReport {
    fileprivate init(_ report: ChannelReport) {
        switch report {
        case .ready(let channel): self = .ready(channel: channel)
        case .down(let channel, let reason): self = .down(channel: channel, reason: reason)
        case .answer(let channel, let key, let answer):
            self = .answer(channel: channel, key: key, SendOutcome(answer))
        case .queryAnswer(let channel, let key, let answer):
            self = .queryAnswer(channel: channel, key: key, answer.map(SendOutcome.init))
        case .status(let channel, let eventID, let key, let answer):
            self = .status(channel: channel, eventID: eventID, key: key, SendOutcome(answer))
        case .inbound(let channel, let inbound):
            self = .inbound(channel: channel, InboundEvent(inbound))
        }
    }
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
            self = .failed(
                SendFailure(
                    kind, reason: failure.reason,
                    retryAfter: failure.retryAfterMilliseconds.map {
                        TimeSpan(milliseconds: Int64($0))
                    }))
        }
    }
}

extension InboundEvent {
    fileprivate init(_ inbound: ChannelLine.Inbound) {
        self.init(
            eventID: inbound.eventID, kind: Kind(rawValue: inbound.kind.rawValue) ?? .reply,
            from: inbound.from, key: inbound.key, text: inbound.text,
            at: inbound.at.flatMap(Instant.init(rfc3339:)))
    }
}

extension ChannelStatus {
    /// The channel as `channel.list` shows it.
    fileprivate var json: JSON {
        var object: JSONObject = ["name": .string(name), "state": .string(state.rawValue)]
        object["program"] = manifest.map { .string("\($0.name) \($0.version)") }
        if let other = manifest?.channel, other != name {
            object["manifest_channel"] = .string(other)
        }
        object["pid"] = process.map { .integer(Int64($0)) }
        for (member, value) in [
            ("starts", starts), ("deaths", deaths), ("inflight", inflight), ("window", window),
            ("answered", answered), ("answered_last_minute", answeredLastMinute),
            ("stray_lines", strayLines),
        ] { object[member] = .integer(Int64(value)) }
        object["per_second"] = perSecond.map(JSON.number)
        object["last_death"] = lastDeath.map(JSON.string)
        object["last_error"] = lastError.map(JSON.string)
        return .object(object)
    }
}
