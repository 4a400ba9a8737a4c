import JSONLines
import WorkflowModel
import WorkflowService

/// What a person said of messages in doubt, as their channel is told: it has to be told again until it has
/// given an answer that settles the message.
struct PersonsWords {
    private var ruledOut: [String: Int64] = [:]
    /// The messages that their channel has answered, and that wait for another attempt.
    private var waiting: Set<String> = []
    /// The messages that were handed over as ordered by a person.
    private var ordered: Set<String> = []
    /// Those of them that come again as ordered: the channel could not take them.
    private var orders: Set<String> = []
    /// The key of a message whose word was not repeated.
    private(set) var forgotten: String?

    mutating func hear(_ message: ClaimedMessage) {
        let told = message.request["ruled_out"]?.integer
        if let said = ruledOut[message.key], told.map({ $0 < said }) ?? true {
            forgotten = forgotten ?? message.key
        }
        if let told { ruledOut[message.key] = told }
        waiting.remove(message.key)
        let isOrdered = message.request["resend"] == true
        if orders.remove(message.key) != nil, !isOrdered { forgotten = forgotten ?? message.key }
        if isOrdered { ordered.insert(message.key) } else { ordered.remove(message.key) }
    }

    /// What it answered last may be lost with the service.
    mutating func loseService() { orders = [] }

    mutating func answer(_ report: GatewayReport) {
        switch report {
        case .answer(_, let key, let outcome):
            if outcome.settles { ruledOut[key] = nil } else { waiting.insert(key) }
            if outcome.isFaultOfChannel, ordered.contains(key) { orders.insert(key) }
        case .status(_, _, let key, let outcome), .queryAnswer(_, let key, let outcome?):
            // A failure may be that of the attempt that was ruled out.
            if outcome.settles, !waiting.contains(key) || outcome.isSuccess { ruledOut[key] = nil }
        case .queryAnswer(_, let key, nil): ruledOut[key] = nil
        case .ready, .down, .inbound: break
        }
    }
}

extension SendOutcome {
    fileprivate var isFaultOfChannel: Bool {
        if case .failed(let failure) = self { failure.kind == .config } else { false }
    }

    fileprivate var settles: Bool {
        switch self {
        case .unknown: false
        case .failed(let failure): failure.kind != .config
        case .accepted, .sent, .delivered: true
        }
    }
}
