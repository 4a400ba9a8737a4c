import JSONLines
import WorkflowModel
import WorkflowService

/// Channels that do what a test says, and remember each message that reached them.
final class ScriptedChannels: ChannelGateway {
    var channels = ["sms", "email", "call_reminder"].map(ScriptedChannels.state)
    var reports: [GatewayReport] = []
    /// What is answered to the next messages; `sent` where it is empty.
    var answers: [SendOutcome] = []
    /// Whether messages are answered at all.
    var isSilent = false
    /// Whether queries are left for the test to answer.
    var keepsQueries = false
    /// Whether messages are lost on their way, as when the service stops behind its commit.
    var losesSends = false
    /// Every message that reached a channel, in order.
    private(set) var received: [ClaimedMessage] = []
    private(set) var acknowledged: [String] = []
    private(set) var queried: [String] = []
    /// What is answered to queries.
    var known: [String: SendOutcome] = [:]

    static func state(_ name: String) -> ChannelState {
        ChannelState(
            name: name, capacity: 1_000, isUp: true, isStarting: false,
            audience: name == "call_reminder"
                ? .staff : .contact(addressField: name == "sms" ? "phone" : "email"),
            tellsRepeatedKeys: false, answersQueries: false)
    }

    func change(_ name: String, _ body: (inout ChannelState) -> Void) {
        guard let index = channels.firstIndex(where: { $0.name == name }) else { return }
        body(&channels[index])
    }

    /// What a restart of the service does to them: no answer that was on its way arrives.
    func restart() { reports = [] }

    func send(_ message: ClaimedMessage) {
        guard !losesSends else { return }
        received.append(message)
        guard !isSilent else { return }
        let outcome = answers.isEmpty ? .sent : answers.removeFirst()
        reports.append(.answer(channel: message.channel, key: message.key, outcome))
    }

    func query(key: String, on channel: String) {
        queried.append(key)
        guard !keepsQueries else { return }
        reports.append(.queryAnswer(channel: channel, key: key, known[key]))
    }

    func acknowledge(_ eventID: String, on channel: String) { acknowledged.append(eventID) }

    func takeReports() -> [GatewayReport] {
        defer { reports = [] }
        return reports
    }

    var statusJSON: [JSON] { channels.map { ["name": .string($0.name)] } }
}
