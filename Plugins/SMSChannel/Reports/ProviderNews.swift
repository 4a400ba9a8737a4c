import ChannelJournal
import ChannelKit
import Foundation

/// What a provider tells after a message went, and what contacts answer: kept until the host has it.
///
/// It comes in any order and more than once, from calls and from polling; each state is reported once,
/// and none behind a later one. The lock keeps decisions about one message apart.
final class ProviderNews: Sendable {
    let journal: SendJournal
    private let lock = NSLock()

    init(_ journal: SendJournal) { self.journal = journal }

    /// Keeps a later state of a message.
    ///
    /// On the disk on return. A message whose fate was unknown, or that was believed never to have gone, has it now.
    /// - Parameter reference: what the provider calls the message.
    func state(
        _ answer: SendAnswer, of key: String, eventID: String, reference: String? = nil
    ) throws(JournalError) {
        try locked { () throws(JournalError) in
            guard answer.rank > rank(try journal.memory(of: key)) else { return }
            try journal.addReport(.status(eventID: eventID, key: key, answer))
            try journal.settle(key, answer, reference: reference)
        }
    }

    /// Keeps what a contact wrote.
    ///
    /// On the disk on return.
    func reply(_ reply: Reply) throws(JournalError) {
        try journal.addReport(
            .inbound(
                ChannelLine.Inbound(
                    eventID: reply.eventID, kind: reply.kind, from: reply.from.text,
                    text: reply.text, at: reply.at)))
    }

    /// Gives the first of `messages` that belongs to no other key to `key`.
    ///
    /// On the disk on return.
    /// - Returns: its answer and reference; nil where all belong to others.
    func claim(
        _ key: String, among messages: [(reference: String, answer: SendAnswer)]
    ) throws(JournalError) -> (reference: String, answer: SendAnswer)? {
        try locked { () throws(JournalError) in
            for message in messages {
                let owner = try journal.key(reference: message.reference)
                guard owner == nil || owner == key else { continue }
                try journal.settle(key, message.answer, reference: message.reference)
                return message
            }
            return nil
        }
    }

    private func locked<Value>(_ body: () throws(JournalError) -> Value) throws(JournalError)
        -> Value
    {
        lock.lock()
        defer { lock.unlock() }
        return try body()
    }

    private func rank(_ memory: SendJournal.Memory) -> Int {
        guard case .settled(let answer, _) = memory else { return 0 }
        return answer.rank
    }
}

/// What a contact wrote.
struct Reply: Hashable, Sendable {
    let eventID: String
    let from: PhoneNumber
    let text: String
    /// By RFC 3339; nil where it is not known.
    let at: String?
    let kind: ChannelLine.Inbound.Kind
}

extension SendAnswer {
    /// How far it has come; the state only advances.
    var rank: Int {
        switch self {
        case .unknown: 0
        case .accepted: 1
        case .sent: 2
        case .delivered, .failed: 3
        }
    }
}
