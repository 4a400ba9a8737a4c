/// One rule of the protocol, and how a channel is held against it.
public struct Check: Sendable {
    /// What the rule is about.
    public enum Group: String, CaseIterable, Hashable, Sendable {
        case starting, configuration, requests, sending, query, reports, process
    }

    /// How much a rule weighs.
    public enum Weight: Hashable, Sendable {
        /// The protocol demands it.
        case rule
        /// The host never brings it about by itself, but a careful channel takes it.
        case advice
    }

    /// What has to work before the check says anything.
    enum Need: Int, CaseIterable, Comparable {
        case nothing, greeting, configuration, message

        static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }
    }

    /// Its name, such as `send-window`.
    public let id: String
    /// What it is about.
    public let group: Group
    /// What holds where it passes, in one sentence.
    public let title: String
    /// How to mend a channel that does not pass.
    public let mend: String
    /// How much it weighs.
    public let weight: Weight
    let need: Need
    let body: @Sendable (Subject) throws(Verdict) -> Void

    init(
        _ id: String, _ group: Group, _ title: String, mend: String, weight: Weight = .rule,
        need: Need, body: @escaping @Sendable (Subject) throws(Verdict) -> Void
    ) {
        self.id = id
        self.group = group
        self.title = title
        self.mend = mend
        self.weight = weight
        self.need = need
        self.body = body
    }
}

extension Check {
    /// All checks, in the order in which they run.
    public static let all: [Check] =
        starting + manifest + configuration + requests + lines + sending + keys + query + reports
        + process + ends + tallies

    /// The check that shows whether `need` is met.
    static func gate(of need: Need) -> String? {
        switch need {
        case .nothing: nil
        case .greeting: "hello"
        case .configuration: "configure"
        case .message: "send"
        }
    }
}

/// Why a check did not pass; what finds it out throws it.
enum Verdict: Error {
    /// What was seen.
    case failed(String)
    /// Why the check does not apply.
    case skipped(String)
}
