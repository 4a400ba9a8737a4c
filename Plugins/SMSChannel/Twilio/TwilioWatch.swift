import ChannelJournal
import ChannelKit
import Curl
import WorkflowModel

/// Asks Twilio what became of messages and what contacts wrote.
///
/// Without a listener this is the only source of news; with one it fetches what calls missed while nobody
/// listened. Each round goes on where the last one ended, over restarts too.
final class TwilioWatch {
    private let news: ProviderNews
    private let list: TwilioList
    private var looked: [String: Int64] = [:]

    /// Twilio gives a message up, or loses interest in it, within three days.
    private static let openDays: Int64 = 3
    /// So many messages are asked for in one round.
    private static let roundSize = 100
    /// What came in may stand in the list this much later than its date says.
    private static let overlap = TimeSpan.hours(1)
    private static let mark = "twilio-inbound"

    init(_ account: TwilioAccount, _ news: ProviderNews) {
        self.news = news
        list = TwilioList(account, Transfer())
    }

    /// One round; returns why it could not be finished, or nil.
    func look() -> String? {
        do {
            try readReplies()
            try readStates()
            return nil
        } catch let error as TwilioList.Unread {
            return error.reason
        } catch {
            return "\(error)"
        }
    }

    // MARK: Messages

    private func readStates() throws {
        let now = Instant.machine.milliseconds
        let open = try news.journal.openSends(since: now - Self.openDays * 86_400_000)
        looked = looked.filter { entry in open.contains { $0.key == entry.key } }
        for send in open.filter({ isDue($0, now) }).prefix(Self.roundSize) {
            looked[send.key] = now
            guard let message = try list.message(send.reference), let answer = message.answer
            else { continue }
            try news.state(answer, of: send.key, eventID: message.eventID, reference: message.sid)
        }
    }

    /// The older a message, the more seldom there is anything new about it.
    private func isDue(_ send: SendJournal.OpenSend, _ now: Int64) -> Bool {
        guard let last = looked[send.key] else { return true }
        return now - last >= (now - send.at) / 8
    }

    // MARK: Replies

    private func readReplies() throws {
        let mark = try news.journal.mark(Self.mark).flatMap(Instant.init(rfc3339:))
        guard let mark else { return try start() }
        let oldest = mark - Self.overlap
        let reading = try list.read(
            [(name: "DateSent>", value: String(oldest.rfc3339.prefix(10)))], pageSize: 500,
            oldest: { _ in oldest })
        let replies = reading.messages.filter {
            $0.direction == "inbound" && ($0.created ?? oldest) >= oldest
        }
        for message in replies.reversed() {
            guard let reply = Reply(message) else { continue }
            try news.reply(reply)
        }
        if let latest = replies.compactMap(\.created).max(), latest > mark {
            try news.journal.setMark(Self.mark, latest.rfc3339)
        }
    }

    /// What came in before the channel was first used is nobody's reply to it.
    private func start() throws {
        let reading = try list.read(
            [], pageSize: 1, oldest: { $0 + .hours(24) })
        let clock = reading.clock ?? .machine
        try news.journal.setMark(Self.mark, (clock + Self.overlap).rfc3339)
    }
}

extension Reply {
    /// A message that came in; nil where it came from no number.
    init?(_ message: TwilioMessage) {
        guard let number = PhoneNumber(message.from) else { return nil }
        self.init(
            eventID: message.sid, from: number, text: message.body, at: message.created?.rfc3339,
            kind: ReplyWord.kind(of: message.body))
    }
}
