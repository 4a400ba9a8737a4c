public import ChannelKit

/// The whole decision about a message that may have been given before.
extension SendJournal {
    /// How a channel sends, and how it finds out later.
    public struct Route {
        /// Sends the message.
        ///
        /// It calls `begin` right before the first byte of it leaves; where that throws, the
        /// message must not leave.
        public var send: (_ begin: @escaping () throws -> Void) -> Sent
        /// Asks the provider for a message that began to leave at that moment, in milliseconds since
        /// 1970; nil where the provider cannot tell.
        public var lookUp: ((_ begun: Int64) -> Found)?

        /// A route of the given parts.
        public init(
            send: @escaping (_ begin: @escaping () throws -> Void) -> Sent,
            lookUp: ((_ begun: Int64) -> Found)? = nil
        ) {
            self.send = send
            self.lookUp = lookUp
        }
    }

    /// What came of sending.
    public enum Sent: Hashable, Sendable {
        /// The provider's definite answer, and what it calls the message.
        case answered(SendAnswer, reference: String? = nil)
        /// It began to leave and no answer came.
        case ambiguous(reason: String)
    }

    /// What a provider knows of a message.
    public enum Found: Hashable, Sendable {
        /// It has it.
        case there(SendAnswer, reference: String? = nil)
        /// It certainly does not have it and never will.
        case absent
        /// It could not be asked.
        case silent(reason: String)
    }

    /// Sends a message at most once, whatever happened to earlier attempts.
    ///
    /// - What is known is answered again, and nothing is sent.
    /// - What began to leave is looked up; where nobody can tell, the answer is `unknown`.
    /// - What never began is sent, and what comes of it is in the journal before this returns.
    /// - What another thread is sending now is waited for.
    ///
    /// A journal that cannot be written is a fault of the channel: nothing is sent.
    /// - Parameters:
    ///   - thread: what the message belongs to, for ``references(of:limit:)``.
    ///   - attempt: which attempt of the host it is, from 1.
    ///   - ruledOut: the last attempt of which a person says that it did not go: what is known of it and
    ///     of those before it counts no more; see ``ChannelKit/SendRequest/ruledOutAttempt``.
    public func once(
        _ key: String, thread: String? = nil, attempt: Int = 1, ruledOut: Int? = nil,
        _ route: Route
    ) -> SendAnswer {
        inProgress.alone(with: key) {
            do throws(JournalError) {
                if let ruledOut { try forget(key, through: ruledOut) }
            } catch {
                return .failed(.init(.config, reason: error.description))
            }
            return answer(Message(key: key, thread: thread, attempt: attempt), route)
        }
    }

    private struct Message {
        let key: String
        let thread: String?
        let attempt: Int
    }

    private func answer(_ message: Message, _ route: Route) -> SendAnswer {
        do {
            switch try memory(of: message.key) {
            case .settled(let answer, _): return answer
            case .begun(let moment):
                if let answer = try resolve(message.key, begun: moment, route) { return answer }
                return .unknown(reason: try doubt(of: message.key) ?? SendJournal.endedMeanwhile)
            case .new: return try send(message, route)
            }
        } catch {
            return .failed(.init(.config, reason: error.description))
        }
    }

    private static let endedMeanwhile =
        "It began to leave, and the channel ended before the answer came."

    private func send(_ message: Message, _ route: Route) throws(JournalError) -> SendAnswer {
        let key = message.key
        let sent = route.send { [self] in
            try begin(key, thread: message.thread, attempt: message.attempt)
        }
        switch sent {
        case .answered(let answer, let reference):
            // The message went or did not: a journal that fails now only knows less later.
            try? settle(key, answer, reference: reference)
            return answer
        case .ambiguous(let reason):
            switch try memory(of: key) {
            // A report overtook the answer.
            case .settled(let answer, _): return answer
            case .begun(let moment):
                try? setDoubt(key, reason)
                return try resolve(key, begun: moment, route) ?? .unknown(reason: reason)
            case .new: return .failed(.init(.transient, reason: reason))
            }
        }
    }

    /// What the provider says of a message that began to leave; nil where nobody can tell.
    private func resolve(_ key: String, begun: Int64, _ route: Route) throws(JournalError)
        -> SendAnswer?
    {
        switch route.lookUp?(begun) {
        case .there(let answer, let reference):
            try settle(key, answer, reference: reference)
            return answer
        case .absent:
            let reason = try doubt(of: key).map { "\($0) The provider does not have the message." }
            try forget(key)
            return .failed(.init(.transient, reason: reason ?? "The provider never got it."))
        case .silent(let reason):
            // A report may have come meanwhile.
            if case .settled(let answer, _) = try memory(of: key) { return answer }
            // What happened first is told first.
            return .unknown(reason: try doubt(of: key).map { "\($0) \(reason)" } ?? reason)
        case nil: return nil
        }
    }
}
