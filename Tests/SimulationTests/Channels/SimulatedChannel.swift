import JSONLines
import WorkflowModel
import WorkflowService

/// One channel between the service and the provider: it takes messages, loses some, answers late or never,
/// dies and comes back.
final class SimulatedChannel {
    /// What it can do about repeated keys.
    enum Ability { case tellsRepeatedKeys, answersQueries, neither }

    let name: String
    let ability: Ability
    /// Where its messages go; the service hears of it when the channel comes up.
    let audience: ChannelFacts.Audience
    let window: Int
    private(set) var isUp: Bool
    /// Whether it died so often that nobody waits for it any more.
    private var isSuspended = false
    private var inFlight: [Handed] = []
    private(set) var reports: [GatewayReport] = []
    /// Reports that are repeated until they are acknowledged, by event id.
    private var unacknowledged: [(id: String, report: GatewayReport)] = []
    private var eventCount = 0
    private let provider: Provider
    private let dice: Dice
    private var words = PersonsWords()

    /// A message that is with the channel.
    private struct Handed {
        let message: ClaimedMessage
        /// How many turns it takes until it is answered.
        var turns: Int
        /// Whether the channel has looked at it.
        var isDone = false
    }

    /// A channel that is there from the start, or comes up later.
    init(
        _ name: String, _ ability: Ability, _ audience: ChannelFacts.Audience,
        isUp: Bool = true, _ provider: Provider, _ dice: Dice
    ) {
        self.name = name
        self.ability = ability
        self.audience = audience
        self.isUp = isUp
        self.provider = provider
        self.dice = dice
        window = dice.number(1...5)
    }

    var isForStaff: Bool { audience == .staff }

    /// The contact's field that it reads addresses from, where it has one.
    var field: String? { if case .contact(let field) = audience { field } else { nil } }

    var state: ChannelState {
        ChannelState(
            name: name, capacity: isUp ? window - inFlight.count : 0, isUp: isUp,
            isStarting: !isUp && !isSuspended, audience: isUp ? audience : .unknown,
            tellsRepeatedKeys: ability == .tellsRepeatedKeys,
            answersQueries: ability == .answersQueries)
    }

    /// The address of `contact` in its field, as it was put first.
    func address(of contact: String) -> String {
        switch field {
        case "phone": "+1555000" + contact.dropFirst()
        case "email": "\(contact)@example.com"
        default: contact
        }
    }

    func isWith(_ isMeant: (String) -> Bool) -> Bool {
        inFlight.contains { isMeant($0.message.key) }
    }

    /// Whether something is on its way that the service has not heard of.
    var hasNews: Bool { !inFlight.isEmpty || !reports.isEmpty }

    // MARK: What the service asks

    func send(_ message: ClaimedMessage) {
        words.hear(message)
        inFlight.append(Handed(message: message, turns: dice.pick([0, 0, 0, 1, 2, 6])))
    }

    /// What it has not looked at yet it does not know, and says so; that message is answered all the same.
    func query(_ key: String) {
        guard isUp, !dice.chance(10) else {
            return answer(.queryAnswer(channel: name, key: key, .unknown(reason: "time_out")))
        }
        let known: SendOutcome? = provider.hasDelivered(key) ? .sent : nil
        answer(.queryAnswer(channel: name, key: key, known))
    }

    func acknowledge(_ eventID: String) { unacknowledged.removeAll { $0.id == eventID } }

    /// The key of a message for which a person's word was forgotten, where there is one.
    var forgottenWord: String? { words.forgotten }

    // MARK: What happens by itself

    /// Works on what is there, and repeats what nobody acknowledged.
    func work() {
        guard isUp else { return }
        for index in inFlight.indices.reversed() { work(index) }
        for report in unacknowledged where dice.chance(30) { answer(report.report) }
    }

    func takeReports() -> [GatewayReport] {
        defer { reports = [] }
        return reports
    }

    /// It dies: the host says of each message that nobody knows, or that it never got there.
    func die() {
        guard isUp else { return }
        isUp = false
        isSuspended = dice.chance(40)
        for handed in inFlight {
            let message = handed.message
            if handed.isDone || dice.chance(60) {
                if !handed.isDone, dice.chance(50) { deliver(message) }
                answer(.answer(channel: name, key: message.key, .unknown(reason: "died")))
            } else {
                let failure = SendFailure(.config, reason: "never_written")
                answer(.answer(channel: name, key: message.key, .failed(failure)))
            }
        }
        inFlight = []
        answer(.down(channel: name, reason: "killed by signal 9"))
    }

    func comeUp() {
        guard !isUp else { return }
        isUp = true
        answer(.ready(channel: name))
    }

    /// The service stops: answers on their way are lost, and the channel ends.
    func loseService() {
        for handed in inFlight where !handed.isDone && dice.chance(50) { deliver(handed.message) }
        inFlight = []
        reports = []
        words.loseService()
        isUp = false
        isSuspended = dice.chance(10)
    }

    /// It speaks of a message that is none of its own; nobody who hears it repeats it.
    func gossip(about key: String) {
        eventCount += 1
        let id = "\(name)-\(eventCount)"
        let outcome: SendOutcome = dice.pick([
            .delivered, .sent, .unknown(reason: "gossip"),
            .failed(SendFailure(.suppressed, reason: "gossip")),
            .failed(SendFailure(.permanent, reason: "gossip")),
        ])
        answer(
            dice.pick([
                .status(channel: name, eventID: id, key: key, outcome),
                .queryAnswer(channel: name, key: key, outcome),
                .queryAnswer(channel: name, key: key, nil),
                .inbound(channel: name, InboundEvent(eventID: id, kind: .optOut, key: key)),
            ]))
    }

    /// A contact does something, perhaps about one of the messages.
    func hear(_ kind: InboundEvent.Kind, key: String?, from: String?, at: Instant) {
        eventCount += 1
        let id = "\(name)-\(eventCount)"
        let event = InboundEvent(
            eventID: id, kind: kind, from: from, key: key, text: ErasureRules.words, at: at)
        unacknowledged.append((id, .inbound(channel: name, event)))
    }

    // MARK: Fates

    private func answer(_ report: GatewayReport) {
        words.answer(report)
        reports.append(report)
    }

    private func work(_ index: Int) {
        guard inFlight[index].turns <= 0 else {
            inFlight[index].turns -= 1
            return
        }
        let message = inFlight[index].message
        guard let outcome = inFlight[index].isDone ? .unknown(reason: "time_out") : fate(message)
        else {
            // Done and silent: its time passes.
            inFlight[index].isDone = true
            inFlight[index].turns = 3
            return
        }
        inFlight.remove(at: index)
        answer(.answer(channel: name, key: message.key, outcome))
        // An answer may come twice; that nobody knows is said by the host itself, and once.
        if dice.chance(4), !outcome.isUnknown {
            answer(.answer(channel: name, key: message.key, outcome))
        }
    }

    /// What becomes of a message; nil where it goes, and nobody hears of it.
    private func fate(_ message: ClaimedMessage) -> SendOutcome? {
        if ability == .tellsRepeatedKeys, provider.hasDelivered(message.key) { return .sent }
        switch dice.number(0...99) {
        case ..<58: return delivered(message)
        case ..<70: return .failed(SendFailure(.transient, reason: "busy", retryAfter: pause()))
        case ..<75: return .failed(SendFailure(.permanent, reason: "no_such_address"))
        case ..<78 where !isForStaff:
            return .failed(SendFailure(.suppressed, reason: "opted_out"))
        case ..<81: return .failed(SendFailure(.config, reason: "wrong_password"))
        case ..<87: return .unknown(reason: "cut_off")
        default:
            deliver(message)
            return dice.chance(50) ? nil : .unknown(reason: "cut_off")
        }
    }

    private func pause() -> TimeSpan? { dice.pick([nil, nil, .seconds(5), .hours(2)]) }

    private func delivered(_ message: ClaimedMessage) -> SendOutcome {
        deliver(message)
        let outcome: SendOutcome = dice.pick([.sent, .sent, .accepted, .delivered])
        if outcome == .accepted { report(on: message) }
        return outcome
    }

    /// One that tells repeated keys does so in all circumstances.
    private func deliver(_ message: ClaimedMessage) {
        if ability == .tellsRepeatedKeys, provider.hasDelivered(message.key) { return }
        provider.deliver(message)
    }

    /// Later the provider says what became of a message that it took.
    private func report(on message: ClaimedMessage) {
        let key = message.key
        let outcome: SendOutcome = dice.pick([
            .sent, .delivered, .delivered,
            .failed(
                SendFailure(
                    .permanent, reason: "bounced at \(message.request["to"]?.string ?? "home")")),
        ])
        if case .failed = outcome { provider.bounce(key) }
        eventCount += 1
        let id = "\(name)-\(eventCount)"
        unacknowledged.append((id, .status(channel: name, eventID: id, key: key, outcome)))
    }
}

extension SendOutcome {
    fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
