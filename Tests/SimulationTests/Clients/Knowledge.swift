import JSONLines

/// What is known outside the service: by its replies and by the feed.
///
/// The rules judge the service by it, so nothing here comes from the database.
struct Knowledge {
    /// An enrollment as the feed announced it.
    struct Enrolled {
        let workflow: String
        let contact: String
        let record: String?
        let version: Int
        let seq: Int64
    }

    /// A message, by the step that it belongs to.
    struct Message: Hashable, Comparable {
        let enrollment: String
        let step: String

        static func < (one: Self, other: Self) -> Bool {
            (one.enrollment, one.step) < (other.enrollment, other.step)
        }
    }

    /// An opt-out or its end, of one channel or of all.
    private struct Consent {
        let channel: String?
        let isGiven: Bool
    }

    private(set) var quiet: QuietTime?
    private(set) var states: [String: String] = [:]
    private(set) var definitions: [String: [Int: Definition]] = [:]
    /// The fields of each contact as they were put.
    private(set) var contacts: [String: JSONObject] = [:]
    private(set) var enrollments: [String: Enrolled] = [:]
    /// Those that have not ended, as far as the feed says.
    private(set) var inside: Set<String> = []
    /// Those for which nothing may leave any more, because a command that ends them was acknowledged.
    private(set) var closed: Set<String> = []
    /// The messages that nobody knows about.
    private(set) var inDoubt: Set<Message> = []
    /// Messages about which a person has spoken.
    private(set) var judged: Set<Message> = []
    private var consents: [String: [Consent]] = [:]

    // MARK: Replies

    /// Takes in that `command` was done; its change reached position `seq` of the feed.
    mutating func acknowledge(_ command: ClientCommand, _ result: JSON, seq: Int64) {
        switch command.deed {
        case .putSettings(let quiet): self.quiet = quiet
        case .setState(let workflow, let state): states[workflow] = state
        case .define(let workflow, let definition):
            let version = Int(result["version"]?.integer ?? 0)
            definitions[workflow, default: [:]][version] = definition
        case .putContact(let id, let fields), .enroll(let id, let fields):
            contacts[id] = (contacts[id] ?? [:]).merging(fields)
        case .unenroll(let id): closed.insert(id)
        case .signal(WorkflowMaker.stop, let contact, let record):
            close(contact: contact, record: record, before: seq)
        case .eraseContact(let id):
            close(contact: id, record: nil, before: seq)
            contacts[id] = nil
        case .resolve(let enrollment, let step, _):
            judged.insert(Message(enrollment: enrollment, step: step))
        case .signal, .putRecord, .read: break
        }
    }

    /// A signal with a record concerns what runs for that record or for none.
    private mutating func close(contact: String, record: String?, before seq: Int64) {
        for (id, enrolled) in enrollments
        where enrolled.contact == contact && enrolled.seq < seq {
            if record == nil || enrolled.record == nil || enrolled.record == record {
                closed.insert(id)
            }
        }
    }

    // MARK: The feed

    /// Takes in an event, the next one of the feed.
    mutating func learn(_ event: JSONObject) {
        let type = event["type"]?.string ?? ""
        if let id = event["enrollment"]?.string { learn(type, of: id, event) }
        guard let contact = event["contact"]?.string else { return }
        let channel = event["channel"]?.string
        switch type {
        case "contact.suppressed":
            consents[contact, default: []].append(Consent(channel: channel, isGiven: false))
        case "contact.resubscribed":
            consents[contact, default: []].append(Consent(channel: channel, isGiven: true))
        default: break
        }
    }

    private mutating func learn(_ type: String, of id: String, _ event: JSONObject) {
        switch type {
        case "enrollment.created":
            enrollments[id] = Enrolled(
                workflow: event["workflow"]?.string ?? "",
                contact: event["contact"]?.string ?? "",
                record: event["record"]?["id"]?.string,
                version: Int(event["version"]?.integer ?? 0), seq: event["seq"]?.integer ?? 0)
            inside.insert(id)
        case "enrollment.finished", "enrollment.exited", "enrollment.unenrolled":
            inside.remove(id)
        case "message.unknown":
            inDoubt.insert(Message(enrollment: id, step: event["step"]?.string ?? ""))
        case "message.accepted", "message.sent", "message.delivered", "message.failed",
            "message.skipped":
            inDoubt.remove(Message(enrollment: id, step: event["step"]?.string ?? ""))
        default: break
        }
    }

    // MARK: What follows

    /// Whether `contact` opted out of `channel`.
    func isSuppressed(_ contact: String, _ channel: String) -> Bool {
        var (all, one) = (false, false)
        for consent in consents[contact] ?? [] {
            switch (consent.channel, consent.isGiven) {
            case (nil, false): all = true
            case (nil, true): (all, one) = (false, false)
            case (channel, let isGiven): one = !isGiven
            default: break
            }
        }
        return all || one
    }

    /// The zone of `contact`.
    func zone(of contact: String) -> String {
        contacts[contact]?["time_zone"]?.string ?? "America/New_York"
    }

    /// The workflows that are halted.
    var halted: Set<String> { Set(states.filter { $0.value == "halted" }.keys) }

    /// The definition that `enrollment` is pinned to.
    func definition(of enrollment: String) -> Definition? {
        guard let enrolled = enrollments[enrollment] else { return nil }
        return definitions[enrolled.workflow]?[enrolled.version]
    }
}
