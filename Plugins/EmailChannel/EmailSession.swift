import ChannelJournal
import ChannelKit
import Curl
import JSONLines
import WorkflowModel

/// One session with the mail server: one mail after the other over a connection that stays.
final class EmailSession: SendSession {
    private let settings: EmailSettings
    private let journal: SendJournal
    private let clock: HandoverClock
    private var transfer = Transfer()

    init(_ settings: EmailSettings, _ journal: SendJournal, _ clock: HandoverClock) {
        self.settings = settings
        self.journal = journal
        self.clock = clock
    }

    func send(_ message: SendRequest) -> SendAnswer {
        do throws(Unsendable) {
            let mail = try compose(message)
            let thread = message.context["enrollment"]?.string
            return journal.once(
                message.key, thread: thread, attempt: message.attempt,
                ruledOut: message.ruledOutAttempt,
                SendJournal.Route { begin in
                    self.clock.isTooLate(message)
                        ? .answered(.tooLate)
                        : self.submit(mail, begin)
                })
        } catch {
            return .failed(.init(error.kind, reason: error.reason))
        }
    }

    // MARK: The mail

    /// Why a message can be no mail.
    private struct Unsendable: Error {
        let reason: String
        /// A wrong sender is the settings' fault, and waits until they are mended.
        var kind = SendAnswer.Failure.Kind.permanent
    }

    private func compose(_ message: SendRequest) throws(Unsendable) -> MailMessage {
        let sender = try sender(message.from)
        guard let recipient = message.to.flatMap(MailAddress.init(address:)) else {
            throw Unsendable(reason: "to: It is no mail address.")
        }
        return MailMessage(
            sender: sender, recipient: recipient, replyTo: settings.replyTo,
            subject: try text("subject", of: message), text: try text("text", of: message),
            html: message.content["html"] == nil ? nil : try text("html", of: message),
            date: Instant(rfc3339: message.at) ?? clock.now,
            identifier: MessageIdentifier.text(key: message.key, domain: sender.domain),
            thread: earlier(message),
            unsubscribe: UnsubscribeLinks(
                mailbox: settings.unsubscribeMailbox,
                page: message.context["unsubscribe_url"]?.string))
    }

    /// A text of the message.
    ///
    /// A NUL is refused: no mail may hold one (RFC 5322, 4).
    private func text(_ name: String, of message: SendRequest) throws(Unsendable) -> String {
        guard let text = message.content[name]?.string else {
            throw Unsendable(reason: "content.\(name): This field is required.")
        }
        guard !text.utf8.contains(0) else {
            throw Unsendable(reason: "content.\(name): A mail cannot hold a NUL character.")
        }
        return text
    }

    /// The sender that the message names: an address, a name before the usual address, or both.
    private func sender(_ text: String?) throws(Unsendable) -> MailAddress {
        guard let text, !text.isEmpty else { return settings.from }
        if let address = MailAddress(text) { return address }
        guard !text.contains("@") else {
            throw Unsendable(reason: "from: It is no mail address.", kind: .config)
        }
        var sender = settings.from
        sender.name = text
        return sender
    }

    /// The mails of the same enrollment before this one.
    private func earlier(_ message: SendRequest) -> [String] {
        guard let enrollment = message.context["enrollment"]?.string else { return [] }
        return (try? journal.references(of: enrollment)) ?? []
    }

    // MARK: The submission

    private func submit(
        _ message: MailMessage, _ begin: @escaping () throws -> Void
    ) -> SendJournal.Sent {
        do throws(TransferFailure) {
            _ = try mail(settings.submission(of: message), begin)
            return .answered(.sent, reference: message.identifier)
        } catch {
            let refusal = Refusal(error, isOwnAddress: message.isSentFromBeyondASCII)
            return refusal.isAmbiguous
                ? .ambiguous(reason: refusal.explanation) : .answered(.failed(refusal.failure))
        }
    }

    /// A kept connection that the server closed meanwhile shows only now: then a new one is made.
    private func mail(_ submission: MailSubmission, _ begin: @escaping () throws -> Void)
        throws(TransferFailure) -> MailReply
    {
        do throws(TransferFailure) {
            return try transfer.mail(submission, onUpload: begin)
        } catch {
            guard error.isDeadConnection else { throw error }
            transfer = Transfer()
            return try transfer.mail(submission, onUpload: begin)
        }
    }
}
