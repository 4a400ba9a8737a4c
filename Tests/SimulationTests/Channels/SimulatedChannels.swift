import JSONLines
import WorkflowModel
import WorkflowService

/// The channels of a simulated service, and all that it handed to them.
final class SimulatedChannels: ChannelGateway {
    let all: [SimulatedChannel]
    let provider = Provider()
    private let dice: Dice
    /// What was handed over since it was last looked at.
    private(set) var handed: [ClaimedMessage] = []

    init(_ dice: Dice) {
        self.dice = dice
        all = [
            SimulatedChannel("sms", .tellsRepeatedKeys, provider, dice),
            SimulatedChannel("email", .answersQueries, provider, dice),
            SimulatedChannel("call_reminder", .neither, provider, dice),
        ]
    }

    func channel(_ name: String) -> SimulatedChannel? { all.first { $0.name == name } }

    func takeHanded() -> [ClaimedMessage] {
        defer { handed = [] }
        return handed
    }

    // MARK: The gateway

    var channels: [ChannelState] { all.map(\.state) }

    func send(_ message: ClaimedMessage) {
        handed.append(message)
        channel(message.channel)?.send(message)
    }

    func query(key: String, on channel: String) { self.channel(channel)?.query(key) }

    func acknowledge(_ eventID: String, on channel: String) {
        // An acknowledgement may be lost with a channel that dies.
        if !dice.chance(5) { self.channel(channel)?.acknowledge(eventID) }
    }

    func takeReports() -> [GatewayReport] { all.flatMap { $0.takeReports() } }

    var statusJSON: [JSON] { all.map { ["name": .string($0.name)] } }
}
