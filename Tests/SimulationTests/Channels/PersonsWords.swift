import JSONLines
import WorkflowModel
import WorkflowService

/// What a person said of messages in doubt, as their channel is told: it has to be told again until it has
/// given an answer that settles the message.
struct PersonsWords {
    private var ruledOut: [String: Int64] = [:]
    /// The messages that their channel has answered, and that wait for another attempt.
    private var waiting: Set<String> = []
    /// The key of a message whose word was not repeated.
    private(set) var forgotten: String?

    mutating func hear(_ message: ClaimedMessage) {
        let told = message.request["ruled_out"]?.integer
        if let said = ruledOut[message.key], told.map({ $0 < said }) ?? true {
            forgotten = forgotten ?? message.key
        }
        if let told { ruledOut[message.key] = told }
        waiting.remove(message.key)
    }

    mutating func answer(_ report: GatewayReport) {
        switch report {
        case .answer(_, let key, let outcome):
            if outcome.settles { ruledOut[key] = nil } else { waiting.insert(key) }
        case .status(_, _, let key, let outcome), .queryAnswer(_, let key, let outcome?):
            // A failure may be that of the attempt that was ruled out.
            if outcome.settles, !waiting.contains(key) || outcome.isSuccess { ruledOut[key] = nil }
        case .queryAnswer(_, let key, nil): ruledOut[key] = nil
        case .ready, .down, .inbound: break
        }
    }
}

extension SendOutcome {
    fileprivate var settles: Bool {
        switch self {
        case .unknown: false
        case .failed(let failure): failure.kind != .config
        case .accepted, .sent, .delivered: true
        }
    }
}
