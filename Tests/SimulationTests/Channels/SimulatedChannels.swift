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
    /// The channel that each key was handed to, ever.
    private(set) var owners: [String: String] = [:]

    init(_ dice: Dice) {
        self.dice = dice
        all = [
            SimulatedChannel(
                "sms", .tellsRepeatedKeys, .contact(addressField: "phone"), provider, dice),
            SimulatedChannel(
                "email", .answersQueries, .contact(addressField: "email"), provider, dice),
            SimulatedChannel("call_reminder", .neither, .staff, provider, dice),
            // Channels of one's own, of which the service knows nothing before they come up.
            SimulatedChannel(
                "chat", .tellsRepeatedKeys, .contact(addressField: "chat_id"),
                isUp: dice.chance(50), provider, dice),
            SimulatedChannel(
                "desk", .answersQueries, .staff, isUp: dice.chance(50), provider, dice),
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
        owners[message.key] = message.channel
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
