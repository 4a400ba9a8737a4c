import Foundation
import WorkflowModel

/// A mail as it goes over the wire (RFC 5322), CRLF at the end of every line.
struct MailMessage {
    var sender: MailAddress
    var recipient: MailAddress
    var replyTo: MailAddress?
    var subject: String
    var text: String
    var html: String?
    var date: Instant
    var identifier: String
    /// The identifiers of earlier mails of the same thread, oldest first.
    var thread: [String] = []
    var unsubscribe = UnsubscribeLinks()

    /// Whether one of the sender's own addresses needs a server with SMTPUTF8.
    var isSentFromBeyondASCII: Bool {
        [sender, replyTo, unsubscribe.mailbox].contains { $0?.isBeyondASCII == true }
    }

    /// The bytes.
    var bytes: [UInt8] {
        let (fields, body) = content
        let lines = header + ["MIME-Version: 1.0"] + fields + ["", ""]
        return Array((lines.joined(separator: "\r\n") + body).utf8)
    }

    private var header: [String] {
        var lines = [
            "Date: \(MailMessage.dateText(date))",
            "From: \(sender.header)",
            "To: \(recipient.header)",
            HeaderText.field("Subject", subject),
            "Message-ID: \(identifier)",
        ]
        if let replyTo { lines.append("Reply-To: \(replyTo.header)") }
        if let last = thread.last {
            lines.append("In-Reply-To: \(last)")
            lines.append(HeaderText.list("References", thread))
        }
        // Keeps absence notices away, which would look like replies of the contact (RFC 3834, 2).
        lines.append("Auto-Submitted: auto-generated")
        return lines + unsubscribe.fields
    }

    private var content: (fields: [String], body: String) {
        let plain = BodyPart(text, subtype: "plain")
        guard let html else { return (plain.fields, plain.body) }
        let parts = [plain, BodyPart(html, subtype: "html")]
        // Neither encoding can bring forth "=_" (RFC 2045, 6.7), so no text contains the boundary.
        let boundary = "=_workflow_part"
        let bodies = parts.map { part in
            "--\(boundary)\r\n" + part.fields.joined(separator: "\r\n") + "\r\n\r\n\(part.body)\r\n"
        }
        return (
            ["Content-Type: multipart/alternative; boundary=\"\(boundary)\""],
            bodies.joined() + "--\(boundary)--\r\n"
        )
    }

    /// RFC 5322, 3.3, in UTC.
    private static func dateText(_ instant: Instant) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(
            from: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1_000))
    }
}

/// How a reader unsubscribes from within the mail program.
struct UnsubscribeLinks: Hashable, Sendable {
    /// An address for a mail that unsubscribes.
    var mailbox: MailAddress?
    /// The page; over https it also takes a POST that unsubscribes at once.
    var page: String?

    /// RFC 2369, 3.2, and RFC 8058, 3.1.
    var fields: [String] {
        let page = page.flatMap { UnsubscribeLinks.isSafe($0) ? $0 : nil }
        let links = [page, mailbox.map { "mailto:\($0.address)?subject=unsubscribe" }]
        let words = links.compactMap { $0.map { "<\($0)>" } }
        guard !words.isEmpty else { return [] }
        let list = "List-Unsubscribe: " + words.joined(separator: ",\r\n ")
        guard page?.hasPrefix("https://") == true else { return [list] }
        return [list, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    }

    /// Whether a link can stand in a header as it is.
    private static func isSafe(_ link: String) -> Bool {
        (link.hasPrefix("https://") || link.hasPrefix("http://")) && link.utf8.count <= 900
            && link.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E }
    }
}

/// The name of a mail in the world: the same for a key, over all attempts (RFC 5322, 3.6.4).
enum MessageIdentifier {
    /// Bytes that an atom cannot hold are written as `_` and two hexadecimal digits.
    static func text(key: String, domain: String) -> String {
        let digits = Array("0123456789abcdef")
        func atoms(_ text: String, also extra: Character) -> String {
            text.utf8.map { byte in
                let character = Character(UnicodeScalar(byte))
                let isPlain = byte < 0x80 && (character.isLetter || character.isNumber)
                guard !isPlain, character != "-", character != extra else {
                    return String(character)
                }
                return "_\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }.joined()
        }
        return "<\(atoms(key, also: "-"))@\(atoms(domain, also: "."))>"
    }
}
