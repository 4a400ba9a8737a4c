import ChannelJournal
import ChannelKit
import Foundation
import WorkflowModel

/// Looks for one message whose answer was lost, until Twilio shows it or certainly does not have it.
///
/// Twilio has no idempotency key, so the message is known by its number, its text and its time, and by
/// belonging to no other key.
struct TwilioSearch {
    private let message: TextMessage
    private let begun: Instant
    private let list: TwilioList
    private let news: ProviderNews
    /// From then on a list without the message is believed.
    private let certain: ContinuousClock.Instant
    private let limit: ContinuousClock.Instant

    /// For all looks together, so that the answer comes in time to count.
    private static let budget = Duration.seconds(25)
    /// How far the two clocks may be apart between the sending and the look.
    private static let margin = TimeSpan.minutes(1)

    /// A search for `message`; see ``Gateway/find(_:begun:ended:)``.
    init(
        _ message: TextMessage, begun: Int64, ended: ContinuousClock.Instant?, list: TwilioList,
        news: ProviderNews
    ) {
        self.message = message
        self.begun = Instant(milliseconds: begun)
        self.list = list
        self.news = news
        let now = ContinuousClock.now
        let age = Duration.milliseconds(max(0, Instant.machine.milliseconds - begun))
        let settling = list.account.settling
        certain = (ended ?? now - age + list.account.line.timeout) + settling
        limit = now + TwilioSearch.budget
    }

    func run() -> SendJournal.Found {
        var pause = 0.25
        while true {
            let began = ContinuousClock.now
            do throws(Interruption) {
                if let found = try look() { return found }
                if began >= certain { return .absent }
            } catch {
                if case .journal(let reason) = error { return .silent(reason: reason) }
                if began >= certain + .seconds(5), case .list(let reason) = error {
                    return .silent(reason: reason)
                }
            }
            guard ContinuousClock.now + .seconds(pause) < limit else {
                return .silent(reason: "Twilio could not be asked in time.")
            }
            Thread.sleep(forTimeInterval: pause)
            pause = min(2, pause * 2)
        }
    }

    private enum Interruption: Error {
        case list(String)
        case journal(String)
    }

    private func look() throws(Interruption) -> SendJournal.Found? {
        do {
            // A call of Twilio's may have told meanwhile.
            if case .settled(let answer, let sid) = try news.journal.memory(of: message.key) {
                return .there(answer, reference: sid)
            }
            let candidates = try candidates()
            guard let own = try news.claim(message.key, among: candidates) else { return nil }
            return .there(own.answer, reference: own.reference)
        } catch let error as JournalError {
            throw .journal(error.description)
        } catch let error as TwilioList.Unread {
            throw .list(error.reason)
        } catch {
            throw .list("Twilio's list cannot be read.")
        }
    }

    /// The messages that may be the one, oldest first.
    private func candidates() throws -> [(reference: String, answer: SendAnswer)] {
        let oldest = { (clock: Instant) in
            begun + (clock - Instant.machine) - TwilioSearch.margin
        }
        let reading = try list.read(
            [(name: "To", value: message.to.text)], pageSize: 50,
            timeout: min(list.account.line.timeout, .seconds(8)), oldest: oldest)
        let start = oldest(reading.clock ?? .machine)
        return reading.messages.reversed().filter {
            $0.direction != "inbound" && ($0.created ?? start) >= start && $0.says(message.text)
        }.map { ($0.sid, $0.answer ?? .accepted) }
    }
}

extension Instant {
    /// The machine's time, which Twilio's is compared with, whatever clock the service goes by.
    static var machine: Instant { Instant(milliseconds: SendJournal.machineTime()) }
}
