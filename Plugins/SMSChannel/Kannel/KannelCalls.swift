import ChannelJournal
import ChannelKit
import Foundation
import HTTPListener
import WorkflowModel

/// Answers Kannel's calls: delivery reports, and what contacts wrote.
struct KannelCalls: ProviderCalls {
    private let account: KannelAccount
    private let news: ProviderNews

    static let reportPath = "/kannel/report"
    static let inboundPath = "/kannel/inbound"

    init(_ account: KannelAccount, _ news: ProviderNews) {
        self.account = account
        self.news = news
    }

    func answer(_ request: IncomingRequest) -> OutgoingResponse {
        let query = request.query
        let isReport = request.path.hasSuffix(Self.reportPath)
        guard isReport || request.path.hasSuffix(Self.inboundPath) else {
            return OutgoingResponse(404)
        }
        guard request.method == "GET" else { return OutgoingResponse(405) }
        guard let token = query["token"], let callback = account.callback,
            Secret.areEqual(token, callback.token)
        else { return OutgoingResponse(403) }
        return isReport ? report(query) : reply(query)
    }

    /// An empty body of plain text: Kannel sends what it gets here to the contact.
    private static let silence = OutgoingResponse(200, contentType: "text/plain")

    private func report(_ query: FormFields) -> OutgoingResponse {
        guard let key = query["key"], let state = query["state"].flatMap({ Int($0) }) else {
            return OutgoingResponse(400)
        }
        guard let answer = Self.answer(state) else { return Self.silence }
        return keep(Self.silence) { () throws(JournalError) in
            try news.state(answer, of: key, eventID: "\(key)-\(state)")
        }
    }

    /// What a delivery report says; further bits say why.
    static func answer(_ state: Int) -> SendAnswer? {
        switch state & 31 {
        case 1: .delivered
        case 2: .failed(.init(.permanent, reason: "Kannel reports that it was not delivered."))
        case 4: .accepted
        case 8: .sent
        case 16: .failed(.init(.permanent, reason: "Kannel reports that the SMSC rejected it."))
        default: nil
        }
    }

    private func reply(_ query: FormFields) -> OutgoingResponse {
        guard let from = query["from"], let id = query["id"], !id.isEmpty else {
            return OutgoingResponse(400)
        }
        // Short codes and names are no contacts.
        guard let number = PhoneNumber(gateway: from) else { return Self.silence }
        let text = Self.text(query.bytes("text") ?? [], charset: query["charset"])
        let time = query["time"].flatMap { Int64($0) }.flatMap(Instant.init(unixSeconds:))
        let reply = Reply(
            eventID: "kannel-\(id)", from: number, text: text,
            at: time?.rfc3339,
            kind: ReplyWord.kind(of: text))
        return keep(Self.silence) { () throws(JournalError) in try news.reply(reply) }
    }

    /// Kannel names the character set; UTF-8 is its usual one.
    static func text(_ bytes: [UInt8], charset: String?) -> String {
        let encoding: String.Encoding? =
            switch charset?.uppercased() {
            case "UTF-16BE", "UTF16-BE", "UCS-2": .utf16BigEndian
            case "ISO-8859-1", "LATIN1": .isoLatin1
            case "WINDOWS-1252": .windowsCP1252
            default: nil
            }
        guard let encoding, let text = String(bytes: bytes, encoding: encoding) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return text
    }
}

extension Instant {
    /// The moment so many seconds after 1970; nil beyond ``acceptedRange``.
    fileprivate init?(unixSeconds seconds: Int64) {
        let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
        let instant = Instant(milliseconds: milliseconds)
        guard !overflows, Instant.acceptedRange.contains(instant) else { return nil }
        self = instant
    }
}
