import JSONLines
import Logging
import WorkflowModel
import WorkflowProtocol
import WorkflowService
import WorkflowStore

/// One simulated run: a real service over a real database, with a clock that jumps, a disk that fails,
/// channels that lose answers, clients that repeat themselves, and restarts at any moment.
///
/// Everything that is random comes from one seed, so a seed is a run. After each step the rules are
/// checked; the first that is broken ends the run.
final class World {
    let seed: UInt64
    let dice: Dice
    let disk: SimulatedDisk
    let channels: SimulatedChannels
    let clients: Clients
    let feed = FeedReader()
    private let catchUpRules = CatchUpRules()
    private(set) var trace = Trace()
    private(set) var now: Instant
    private(set) var restarts = 0
    private var elapsed = Elapsed()
    private var store: Store?
    private var service: WorkflowService?

    /// Real time, as far as the service knows.
    private final class Elapsed { var value = Duration.zero }

    /// Starts of runs: days around the switches of 2026, and one in between.
    private static let starts = [
        "2026-03-06T12:00:00Z", "2026-03-27T12:00:00Z", "2026-07-01T12:00:00Z",
        "2026-10-23T12:00:00Z", "2026-10-30T12:00:00Z",
    ]

    init(seed: UInt64) throws {
        self.seed = seed
        dice = Dice(seed: seed)
        disk = try SimulatedDisk()
        channels = SimulatedChannels(dice)
        clients = Clients(dice)
        now = Instant(rfc3339: dice.pick(World.starts)) ?? Instant(milliseconds: 0)
        try start()
    }

    func note(_ text: String) { trace.note(now, text) }

    func remove() {
        service = nil
        store = nil
        disk.remove()
    }

    // MARK: The life

    /// Lives `steps` steps, then lets everything come to its end, and checks the whole.
    func live(steps: Int) throws {
        clients.setUp()
        try turn()
        for _ in 0..<steps { try step() }
        try end()
    }

    private func step() throws {
        if dice.chance(70) { clients.ask(at: now) }
        if dice.chance(60) { pass(dice.weighed(World.pauses)) }
        happen()
        if dice.chance(10) { breakDisk() }
        try turn()
        try recover()
        if dice.chance(25) { try checkStanding() }
    }

    private static let pauses: [(weight: Int, value: TimeSpan)] = [
        (20, .seconds(10)), (30, .minutes(7)), (25, .hours(1)), (15, .hours(11)), (5, .hours(50)),
        (2, .hours(300)), (3, .minutes(-20)),
    ]

    /// Time passes; the wall clock may be set back, real time never.
    private func pass(_ time: TimeSpan) {
        now = now + time
        if time < .zero { catchUpRules.forget() }
        elapsed.value += .milliseconds(max(0, min(time.milliseconds, 60_000)))
        note("time: \(time.milliseconds / 1_000) s")
    }

    // MARK: What happens around it

    private func happen() {
        for channel in channels.all {
            channel.work()
            if dice.chance(channel.isUp ? 4 : 40) { flip(channel) }
        }
        if dice.chance(10) { hear() }
        if dice.chance(8) { gossip() }
        if dice.chance(30) { disk.heal() }
    }

    private func flip(_ channel: SimulatedChannel) {
        note("\(channel.name) \(channel.isUp ? "dies" : "comes up")")
        if channel.isUp { channel.die() } else { channel.comeUp() }
    }

    private func hear() {
        let contact = dice.pick(CommandMaker.contacts)
        let kind = dice.pick(InboundEvent.Kind.allCases)
        let channel = dice.pick(channels.all.filter { $0.field != nil })
        let keys = channels.provider.deliveries.keys.filter { channels.owners[$0] == channel.name }
        let key = keys.sorted().randomOne(dice)
        note("inbound \(kind.rawValue) of \(contact) over \(channel.name)")
        channel.hear(
            kind, key: dice.chance(50) ? key : nil, from: channel.address(of: contact), at: now)
    }

    /// A channel speaks of a message of another channel, or of one that was never handed over.
    private func gossip() {
        let channel = dice.pick(channels.all)
        let others = channels.owners.filter { $0.value != channel.name }.keys.sorted()
        guard let other = others.randomOne(dice),
            let instance = other.split(separator: "-").first
        else { return }
        let made = (0..<3).map { _ in dice.pick([-1, 0, 0, 1, 2, 3, 5, 77, Int.max]) }
        let key = dice.chance(50) ? other : "\(instance)-\(made[0])-\(made[1])-\(made[2])"
        guard channel.isUp, channels.owners[key] != channel.name else { return }
        note("gossip of \(channel.name) about \(key.drop { $0 != "-" })")
        channel.gossip(about: key)
    }

    private func breakDisk() {
        switch dice.number(0...9) {
        case ..<3: disk.isFull = true
        case ..<5: disk.isLocked = true
        case ..<6: disk.failures = dice.number(1...4)
        default: disk.operationsLeft = dice.number(0...60)
        }
        note(
            "disk: full \(disk.isFull), locked \(disk.isLocked), failures \(disk.failures), "
                + "operations left \(disk.operationsLeft.map(String.init) ?? "all")")
    }

    // MARK: Turns

    /// One turn of the service; where the power goes meanwhile, nobody hears of its replies.
    private func turn() throws {
        guard let service else { return }
        if dice.chance(10) { clients.askToRead() }
        let before = clients.knowledge
        let uncertain = clients.uncertain
        let messages = clients.takeMessages()
        for message in messages { note(String(decoding: message.body ?? [], as: UTF8.self)) }
        let output = service.turn(messages)
        try check(channels.takeHanded(), before, uncertain, output)
        guard !disk.isOff else { return clients.hearNothing() }
        for event in output.events { try take(event.json(epoch: service.identity.epoch)) }
        for reply in output.replies { note(String(decoding: reply.body.dropLast(), as: UTF8.self)) }
        try clients.hear(output.replies)
    }

    private func check(
        _ handed: [ClaimedMessage], _ before: Knowledge, _ uncertain: [ClientCommand],
        _ output: WorkflowService.Output
    ) throws {
        let resubscribed = try output.events.filter { $0.type == "contact.resubscribed" }
            .compactMap { try $0.json(epoch: "")["contact"]?.string }
        let rules = SendRules(
            knowledge: before, uncertain: uncertain, resubscribed: Set(resubscribed), now: now)
        for message in handed {
            note("handed \(message.key.drop { $0 != "-" }) over \(message.channel)")
            try rules.check(message, channel: channels.channel(message.channel))
            let enrollment = EnrollmentID.text(message.address.enrollment)
            if let key = channels.channel(message.channel)?.forgottenWord {
                throw Violation("a person's word about \(key) is forgotten")
            }
            catchUpRules.note(message, before.definition(of: enrollment))
        }
    }

    private func take(_ event: JSON) throws {
        guard let object = event.object, try feed.take(object) else { return }
        note("event \(JSON.object(object.withoutNames).text)")
        try ChannelRules(channels: channels, knowledge: clients.knowledge).check(object)
        clients.learn(object)
    }

    // MARK: Restarts

    private func recover() throws {
        if disk.isOff || dice.chance(6) { try restart() }
    }

    /// The process ends somehow and starts again.
    private func restart() throws {
        restarts += 1
        let isClean = !disk.isOff && dice.chance(30)
        if isClean { closeCleanly() } else { disk.turnOff() }
        service = nil
        store = nil
        for channel in channels.all { channel.loseService() }
        let losesUnsynced = dice.chance(50)
        note("restart: clean \(isClean), unsynced writes lost \(losesUnsynced)")
        try disk.turnOn(losesUnsynced: losesUnsynced, dice)
        try start()
        try catchUp()
    }

    private func closeCleanly() {
        guard let service else { return }
        let events = service.finish()
        for event in events {
            try? take(event.json(epoch: service.identity.epoch))
        }
        try? store?.close()
    }

    private func start() throws {
        let elapsed = elapsed
        let clock = ServiceClock(
            .system, wall: { [unowned self] in self.now }, elapsed: { elapsed.value })
        let store = try Store(path: disk.databasePath)
        var log = Logger(label: "simulation")
        log.logLevel = .critical
        self.store = store
        service = try WorkflowService(store: store, clock: clock, gateway: channels, log: log)
    }

    /// Reads what was published while nobody listened, or committed and never published.
    private func catchUp() throws { _ = try history(after: feed.position) }

    // MARK: Questions

    /// The result of a command that only reads; nil where the power goes meanwhile.
    private func ask(_ op: String, _ args: JSON, key: String? = nil) throws -> JSON? {
        guard let service else { throw Violation("nobody answers") }
        var command: JSONObject = ["op": .string(op), "args": args]
        command["key"] = key.map(JSON.string)
        let output = service.turn([
            IncomingMessage(envelope: [[0, 0], []], body: Array(JSON.object(command).text.utf8))
        ])
        try check(channels.takeHanded(), clients.knowledge, clients.uncertain, output)
        guard !disk.isOff else { return nil }
        guard let body = output.replies.first?.body,
            let result = try JSON(parsing: body.dropLast())["result"]
        else { throw Violation("\(op) was not answered") }
        // The turn that answers does also what is due: that comes behind what the reply has.
        for event in result["events"]?.array ?? [] { try take(event) }
        for event in output.events { try take(event.json(epoch: service.identity.epoch)) }
        return result
    }

    /// All events behind `position`, as `events.read` has them.
    private func history(after position: Int64) throws -> [JSONObject] {
        var events: [JSONObject] = []
        while true {
            let after: JSON = .integer(position + Int64(events.count))
            let page = try ask("events.read", ["after": after, "limit": 1000])
            let read = page?["events"]?.array?.compactMap(\.object) ?? []
            if read.isEmpty { return events }
            events += read
        }
    }

    /// While the disk fails, the service keeps what channels answered to itself.
    private func checkStanding() throws {
        guard !disk.isBroken else { return }
        guard !disk.isOff else { return }
        guard let list = try ask("enrollment.list", ["state": "active", "limit": 200]) else {
            return
        }
        for one in list["enrollments"]?.array ?? [] { note("stands \(one.text)") }
        try StandingRules(
            enrollments: list["enrollments"]?.array ?? [], channels: channels,
            halted: clients.knowledge.halted
        ).check()
    }

    // MARK: The end

    /// Everything works again, and time passes until nobody is inside any more.
    private func end() throws {
        note("the end: everything works")
        disk.heal()
        for _ in 0..<World.longestEnd {
            for channel in channels.all { channel.comeUp() }
            for channel in channels.all { channel.work() }
            clients.askToLetGo()
            pass(.hours(9))
            try turn()
            try checkStanding()
            if clients.knowledge.inside.isEmpty { break }
        }
        for _ in 0..<50 where channels.all.contains(where: \.hasNews) {
            for channel in channels.all { channel.work() }
            try turn()
        }
        try checkWhole()
    }

    /// More turns than any life here takes to its end.
    private static let longestEnd = 400

    private func checkWhole() throws {
        try feed.check(against: try history(after: 0))
        try DeliveryRules(
            provider: channels.provider, events: feed.events, knowledge: clients.knowledge
        ).check()
        try catchUpRules.check(feed.events)
        for workflow in CommandMaker.workflows {
            let stats = try ask("workflow.stats", ["workflow": .string(workflow)])
            try CountRules(events: feed.events).check(stats ?? .null, of: workflow)
        }
        let list = try ask("contact.list", ["limit": 200])?["contacts"]?.array ?? []
        for contact in CommandMaker.contacts {
            let fields = list.first { $0["id"]?.string == contact }?["fields"]
            try FactRules(knowledge: clients.knowledge).check(fields, of: contact)
        }
        // What the service says is what it has stored, and not what it has in mind.
        try restart()
        try feed.check(against: try history(after: 0))
        if dice.chance(30) { try checkErasure(list.compactMap { $0["id"]?.string }) }
    }

    /// Everybody is erased, and then comes back by each way there is.
    private func checkErasure(_ contacts: [String]) throws {
        note("everybody is erased")
        func put(_ contact: String) throws -> JSON? {
            let fields: JSON = ["phone": "+15550009", "email": .string("\(contact)@example.com")]
            return try ask(
                "contact.put", ["id": .string(contact), "fields": fields], key: "last-\(contact)")
        }
        for contact in contacts {
            _ = try put(contact)
            _ = try ask("contact.delete", ["id": .string(contact)])
        }
        for key in channels.provider.deliveries.keys.sorted() {
            for channel in channels.all {
                channel.hear(
                    .reply, key: key, from: contacts.first.map { "\($0)@example.com" }, at: now)
            }
        }
        // A report is repeated until it is acknowledged.
        for _ in 0..<25 {
            for channel in channels.all { channel.comeUp() }
            for channel in channels.all { channel.work() }
            try turn()
        }
        let rules = ErasureRules()
        for contact in contacts {
            try rules.check(try put(contact)?.text ?? "", question: "a repeated contact.put")
        }
        for event in try history(after: 0) {
            try rules.check(JSON.object(event).text, question: "the history")
        }
    }
}

extension JSONObject {
    /// Without what differs between two runs of a seed: names that the service makes up itself.
    fileprivate var withoutNames: JSONObject {
        var object = self
        object["epoch"] = nil
        object["key"] = nil
        return object
    }
}
