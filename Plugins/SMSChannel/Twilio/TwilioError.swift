import ChannelKit

/// What Twilio's error codes mean for a message.
///
/// Source: Twilio, Error and Warning Dictionary.
enum TwilioError {
    /// The failure of a request that Twilio refused with `status` and its own `code`.
    static func refusal(status: Int, code: Int?, retryAfterMilliseconds: Int?)
        -> SendAnswer.Failure
    {
        let name = code.map { "error \($0)" } ?? "HTTP status \(status)"
        let kind = code.flatMap(kind) ?? kind(status: status)
        return SendAnswer.Failure(
            kind, reason: "Twilio refused it with \(name)\(hint(code)).",
            retryAfterMilliseconds: kind == .transient ? retryAfterMilliseconds : nil)
    }

    /// The failure of a message that was taken and did not arrive: Twilio gave up, so it is final.
    static func delivery(code: Int?, status: String) -> SendAnswer.Failure {
        let name = code.map { "error \($0)" } ?? "no error code"
        return SendAnswer.Failure(
            code == 21610 ? .suppressed : .permanent,
            reason: "Twilio reports \(status) with \(name)\(hint(code)).")
    }

    private static func kind(_ code: Int) -> SendAnswer.Failure.Kind? {
        switch code {
        case 21610: .suppressed
        // Busy: too many requests, a queue that is full, the day's limit.
        case 14107, 20429, 21611, 30001, 63038: .transient
        // The account: not allowed, not active, out of order.
        case 10001, 10002, 20001...20010, 20403, 20404, 30002: .config
        // The sender, or the callback's address, which the configuration names.
        case 21212, 21603, 21606, 21607, 21609, 21620, 21659...21661, 21701...21705, 21712: .config
        case 20000...20999: .config
        case 10000...: .permanent
        default: nil
        }
    }

    private static func kind(status: Int) -> SendAnswer.Failure.Kind {
        switch status {
        case 429: .transient
        case 300...399, 401, 403, 404, 405: .config
        default: .permanent
        }
    }

    private static func hint(_ code: Int?) -> String {
        guard let code, let meaning = meanings[code] else { return "" }
        return ": \(meaning)"
    }

    private static let meanings = [
        20003: "the account or its token is wrong", 20005: "the account is not active",
        20404: "there is no such account",
        20429: "too many requests", 21211: "the number cannot be called",
        21212: "the sender is no number", 21266: "the number is the sender's own",
        21408: "the account may not send to this country",
        21606: "the sender is none of the account's", 21608: "a trial account's unverified number",
        21610: "the contact opted out", 21611: "the sender's queue is full",
        21612: "this sender cannot reach this number", 21614: "the number is no mobile",
        21617: "the text is too long", 21635: "the number is a landline",
        21659: "the sender is none of the account's",
        21703: "the messaging service has no sender", 30001: "the queue is full",
        30002: "the account is suspended", 30003: "the telephone cannot be reached",
        30004: "the message was blocked", 30005: "the number does not exist",
        30006: "a landline or a network that cannot be reached",
        30007: "the carrier took it for spam", 30008: "the carrier does not say why",
        30032: "the toll-free number is not verified", 30034: "the sender is not registered",
        30038: "it was taken for a one-time password, which is filtered",
        63038: "the account's limit for the day is reached",
    ]
}
