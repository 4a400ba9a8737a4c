import ChannelKit
import Foundation
import JSONLines
import WorkflowModel

/// A message as Twilio's `Message` resource shows it.
struct TwilioMessage: Hashable, Sendable {
    /// What Twilio calls it.
    let sid: String
    /// Twilio's word, such as `undelivered`.
    let status: String
    let errorCode: Int?
    /// `inbound`, `outbound-api` or another.
    let direction: String
    let from: String
    let body: String
    /// When it was made or came in; nil where Twilio does not say.
    let created: Instant?

    /// Reads a resource; nil where it is none.
    init?(_ json: JSON) {
        guard let sid = json["sid"]?.string, !sid.isEmpty, let status = json["status"]?.string
        else { return nil }
        self.sid = sid
        self.status = status
        errorCode = json["error_code"]?.integer.map(Int.init)
        direction = json["direction"]?.string ?? ""
        from = json["from"]?.string ?? ""
        body = json["body"]?.string ?? ""
        created = json["date_created"]?.string.flatMap(Instant.init(mailDate:))
    }

    /// What the status says; nil for one that says nothing of sending.
    var answer: SendAnswer? { TwilioMessage.answer(status: status, errorCode: errorCode) }

    /// The name of the report about the status.
    var eventID: String { TwilioMessage.eventID(sid: sid, status: status) }

    static func eventID(sid: String, status: String) -> String { "\(sid)-\(status)" }

    static func answer(status: String, errorCode: Int?) -> SendAnswer? {
        switch status {
        case "accepted", "scheduled", "queued", "sending": .accepted
        case "sent": .sent
        case "delivered", "partially_delivered", "read": .delivered
        case "undelivered", "failed", "canceled":
            .failed(TwilioError.delivery(code: errorCode, status: status))
        default: nil
        }
    }

    /// Whether it is what `text` became on its way: Twilio puts words before the texts of trial accounts,
    /// and a messaging service may exchange punctuation to save segments.
    func says(_ text: String) -> Bool {
        guard body != text else { return true }
        let letters = TwilioMessage.letters(text)
        return letters.isEmpty
            ? body.trimmingSpaces == text.trimmingSpaces
            : TwilioMessage.letters(body).hasSuffix(letters)
    }

    private static func letters(_ text: String) -> String {
        String(text.filter { $0.isLetter || $0.isNumber })
    }
}

extension Instant {
    /// Reads a date as mails and HTTP have it: `Fri, 24 May 2019 17:18:27 +0000`.
    ///
    /// Source: RFC 5322, section 3.3; RFC 9110, section 5.6.7.
    init?(mailDate text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[1].count <= 2,
            let month = Instant.months.firstIndex(of: String(parts[2]))
        else { return nil }
        let (day, number) = (parts[1].count == 1 ? "0\(parts[1])" : parts[1], month + 1)
        let zone = ["GMT", "+0000", "UTC"].contains(parts[5]) ? "Z" : Instant.offset(parts[5])
        self.init(
            rfc3339: "\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(day)T\(parts[4])\(zone)")
    }

    private static func offset(_ text: Substring) -> String {
        "\(text.prefix(3)):\(text.dropFirst(3))"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
