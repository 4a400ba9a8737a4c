import ChannelJournal
import HTTPListener

/// What answers a provider's calls.
protocol ProviderCalls: Sendable {
    /// Answers one call; what it told is on the disk then.
    func answer(_ request: IncomingRequest) -> OutgoingResponse
}

extension ProviderCalls {
    /// Answers `answer` once `body` has kept what came; 503 where it could not, so that it comes again.
    func keep(_ answer: OutgoingResponse, _ body: () throws(JournalError) -> Void)
        -> OutgoingResponse
    {
        do throws(JournalError) {
            try body()
            return answer
        } catch {
            return OutgoingResponse(503)
        }
    }
}

/// Compares secrets in a time that tells nothing about them.
enum Secret {
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
