import ChannelJournal
import ChannelKit
import Foundation
import HTTPListener
import WorkflowModel

/// Answers Twilio's calls about messages and replies.
struct TwilioCalls: ProviderCalls {
    private let account: TwilioAccount
    private let news: ProviderNews

    static let statusPath = "/twilio/status"
    static let inboundPath = "/twilio/inbound"

    /// What Twilio takes as "say nothing" (TwiML).
    private static let silence = OutgoingResponse(
        200, contentType: "text/xml", body: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>")

    init(_ account: TwilioAccount, _ news: ProviderNews) {
        self.account = account
        self.news = news
    }

    func answer(_ request: IncomingRequest) -> OutgoingResponse {
        let target = target(request)
        let path = String(target.prefix { $0 != "?" })
        guard [Self.statusPath, Self.inboundPath].contains(path) else {
            return OutgoingResponse(404)
        }
        guard request.method == "POST" else { return OutgoingResponse(405) }
        let form = request.form
        guard isSigned(request.headers[Self.header], account.callbacks(target), form) else {
            return OutgoingResponse(403)
        }
        return path == Self.statusPath ? status(request.query["key"], form) : reply(form)
    }

    private func isSigned(_ signature: String?, _ urls: [String], _ form: FormFields) -> Bool {
        let fields = form.fields.map { ($0.name, $0.value) }
        return urls.contains { url in
            signature.map {
                TwilioSignature.isValid($0, url: url, fields: fields, token: account.token)
            } == true
        }
    }

    private static let header = "x-twilio-signature"

    /// The target behind the public address, whether or not the proxy keeps that address's path.
    private func target(_ request: IncomingRequest) -> String {
        let prefix = account.publicURL.flatMap { URLComponents(string: $0)?.percentEncodedPath }
        guard let prefix, !prefix.isEmpty, request.target.hasPrefix("\(prefix)/") else {
            return request.target
        }
        return String(request.target.dropFirst(prefix.count))
    }

    private func status(_ key: String?, _ form: FormFields) -> OutgoingResponse {
        guard let key, let sid = form["MessageSid"], let status = form["MessageStatus"] else {
            return OutgoingResponse(400)
        }
        let code = form["ErrorCode"].flatMap { Int($0) }
        guard let answer = TwilioMessage.answer(status: status, errorCode: code) else {
            return OutgoingResponse(204)
        }
        return keep(OutgoingResponse(204)) { () throws(JournalError) in
            try news.state(
                answer, of: key, eventID: TwilioMessage.eventID(sid: sid, status: status),
                reference: sid)
        }
    }

    private func reply(_ form: FormFields) -> OutgoingResponse {
        guard let sid = form["MessageSid"], let from = form["From"] else {
            return OutgoingResponse(400)
        }
        // Short codes and names are no contacts.
        guard let number = PhoneNumber(from) else { return Self.silence }
        let text = form["Body"] ?? ""
        let reply = Reply(
            eventID: sid, from: number, text: text, at: Instant.machine.rfc3339,
            kind: Self.kind(form["OptOutType"], text))
        return keep(Self.silence) { () throws(JournalError) in try news.reply(reply) }
    }

    /// Twilio's own judgement, which knows words in all languages, goes before ours.
    private static func kind(_ type: String?, _ text: String) -> ChannelLine.Inbound.Kind {
        switch type {
        case "STOP": .optOut
        case "START": .optIn
        case "HELP": .reply
        default: ReplyWord.kind(of: text)
        }
    }
}
