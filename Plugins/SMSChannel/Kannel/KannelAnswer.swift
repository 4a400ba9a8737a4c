import ChannelJournal
import ChannelKit
import Curl

/// What Kannel's answer to `sendsms` says of a message.
///
/// Source: Kannel's `smsbox`: 202 for what the bearerbox took or keeps, 400 with a sentence for what is
/// wrong with the request, 403 for a wrong password and for what no SMSC is there for, 503 for what it
/// could not take now.
struct KannelAnswer {
    let sent: SendJournal.Sent

    /// - Parameter isFollowed: whether Kannel will tell more.
    init(_ response: HTTPResponse, isFollowed: Bool) {
        let text = String(decoding: response.body, as: UTF8.self)
        switch response.status {
        case 200...299: sent = .answered(isFollowed ? .accepted : .sent)
        case 503:
            sent = .answered(.failed(.init(.transient, reason: "Kannel cannot take it now.")))
        case 500...:
            sent = .ambiguous(reason: "Kannel answered with HTTP status \(response.status).")
        default: sent = .answered(.failed(KannelAnswer.refusal(response.status, text)))
        }
    }

    private static func refusal(_ status: Int, _ text: String) -> SendAnswer.Failure {
        switch (status, text) {
        case (403, let text) where text.hasPrefix("Not routable"):
            .init(.permanent, reason: "Kannel has no way to this number.")
        case (403, _), (401, _):
            .init(.config, reason: "Kannel refused the username, the password or this machine.")
        case (400, let text) where text.contains("black-list"):
            .init(.permanent, reason: "Kannel's lists forbid this number.")
        case (400, let text) where text.hasPrefix("Sender missing"):
            .init(.config, reason: "from: Kannel wants a sender.")
        case (400, let text) where text.hasPrefix("DLR-URL"):
            .init(.config, reason: "callback_url: Kannel cannot read it.")
        case (400, _): .init(.permanent, reason: "Kannel refused the message.")
        default: .init(.config, reason: "Kannel answered with HTTP status \(status).")
        }
    }
}
