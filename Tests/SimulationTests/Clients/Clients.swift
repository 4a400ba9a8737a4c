import JSONLines
import WorkflowModel
import WorkflowService

/// The clients of the service: they repeat each command, with its key, until it is answered.
final class Clients {
    private var maker: CommandMaker
    private let dice: Dice
    /// Sent, or to be sent, and not answered.
    private var open: [ClientMessage] = []
    /// Those of `open` that were sent with this turn.
    private var sent: [ClientMessage] = []
    private(set) var knowledge = Knowledge()
    private(set) var answered = 0

    init(_ dice: Dice) {
        self.dice = dice
        maker = CommandMaker(dice: dice)
    }

    /// What may be done or not, because it was not answered: nothing can be demanded that it changes.
    var uncertain: [ClientCommand] { open.flatMap(\.commands) }

    // MARK: Asking

    func setUp() {
        open += maker.setUp().map { ClientMessage(commands: [$0], isAtomic: false) }
    }

    /// Thinks of something new.
    func ask(at now: Instant) {
        let commands = (0..<dice.pick([1, 1, 1, 2, 3])).map { _ in
            maker.any(knowledge, at: now)
        }
        open.append(ClientMessage(commands: commands, isAtomic: dice.chance(20)))
    }

    func askToRead() {
        let command = maker.read(dice.pick(CommandMaker.workflows))
        open.append(ClientMessage(commands: [command], isAtomic: false))
    }

    /// At the end everything is let go: workflows are active, nobody waits for a person.
    func askToLetGo() {
        var commands = CommandMaker.workflows.map { maker.setState($0, "active") }
        commands.append(maker.putSettings(nil))
        commands += knowledge.inDoubt.sorted()
            .filter { knowledge.inside.contains($0.enrollment) }
            .map { maker.resolve($0, "sent") }
        open += commands.map { ClientMessage(commands: [$0], isAtomic: false) }
    }

    /// The messages to be sent now: all that are not answered.
    func takeMessages() -> [IncomingMessage] {
        sent = open
        open = []
        return sent.enumerated().map { index, message in
            IncomingMessage(
                envelope: [[UInt8(index >> 8), UInt8(index & 255)], []],
                body: Array(message.text.utf8))
        }
    }

    // MARK: Hearing

    func learn(_ event: JSONObject) { knowledge.learn(event) }

    /// The service stopped before it replied.
    func hearNothing() {
        open = sent + open
        sent = []
    }

    /// Takes the replies of a turn.
    func hear(_ replies: [OutgoingMessage]) throws {
        var unanswered = sent
        for reply in replies {
            guard let address = reply.envelope.first, address.count == 2 else {
                throw Violation("a reply has an envelope that nobody sent")
            }
            let index = Int(address[0]) << 8 | Int(address[1])
            let lines = try reply.body.split(separator: 0x0A).map { try JSON(parsing: $0) }
            unanswered[index].commands = try hear(lines, to: sent[index])
        }
        guard replies.count == sent.count else { throw Violation("a message got no reply") }
        open = unanswered.filter { !$0.commands.isEmpty } + open
        sent = []
    }

    /// - Returns: what has to be sent again.
    private func hear(_ lines: [JSON], to message: ClientMessage) throws -> [ClientCommand] {
        guard lines.map({ $0["id"]?.string }) == message.commands.map(\.key) else {
            throw Violation("the reply's lines are not those of the message")
        }
        var again: [ClientCommand] = []
        for (line, command) in zip(lines, message.commands) where try !hear(line, to: command) {
            again.append(command)
        }
        return message.isAtomic && !again.isEmpty ? message.commands : again
    }

    /// - Returns: whether it is settled.
    private func hear(_ line: JSON, to command: ClientCommand) throws -> Bool {
        answered += 1
        if let result = line["result"] {
            knowledge.acknowledge(command, result, seq: line["seq"]?.integer ?? 0)
            return true
        }
        let error = line["error"]
        let cause = error?["details"]?["cause"]?.string
        switch cause ?? error?["code"]?.string {
        case "storage_full", "storage_failed":
            guard !command.isRead || cause != nil else {
                throw Violation("\(command.op) was not answered while the disk failed")
            }
            return false
        case "internal_error": throw Violation("\(command.op) failed: \(line.text)")
        default: return true
        }
    }
}
