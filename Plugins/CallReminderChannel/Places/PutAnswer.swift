import ChannelKit
import Curl
import Foundation

/// What a server's answer to putting an entry means.
enum PutAnswer: Hashable, Sendable {
    case created
    /// Something lies at this address.
    case taken
    /// The UID lies at another address of the collection (RFC 4791, section 5.3.2.1).
    case knownElsewhere
    case refused(SendAnswer.Failure)
    /// The server failed by itself, and nobody knows how far it came.
    case broken(SendAnswer.Failure)

    init(_ response: HTTPResponse) {
        let status = response.status
        let body = String(decoding: response.body, as: UTF8.self)
        switch status {
        case _ where status >= 400 && body.contains("no-uid-conflict"): self = .knownElsewhere
        case 200...299: self = .created
        case 412: self = .taken
        case 403, 409: self = .refused(PutAnswer.precondition(status, body))
        case 408, 423, 425, 429, 503, 507: self = .refused(PutAnswer.later(response))
        case 500...: self = .broken(PutAnswer.later(response))
        case 400, 413, 415, 422:
            self = .refused(.init(.permanent, reason: "The server refused the entry (\(status))."))
        default: self = .refused(.init(.config, reason: CollectionProperties.reason(status)))
        }
    }

    /// A condition that the server names (RFC 4791, section 5.3.2.1) may be about this one entry.
    private static func precondition(_ status: Int, _ body: String) -> SendAnswer.Failure {
        let aboutEntry = [
            "valid-calendar-data", "valid-calendar-object-resource", "max-resource-size",
        ]
        guard let name = aboutEntry.first(where: body.contains) else {
            return .init(.config, reason: CollectionProperties.reason(status))
        }
        return .init(.permanent, reason: "The server refused the entry: \(name).")
    }

    private static func later(_ response: HTTPResponse) -> SendAnswer.Failure {
        let reason =
            response.status == 507
            ? "The calendar has no room." : "The server cannot take it now (\(response.status))."
        return .init(.transient, reason: reason, retryAfterMilliseconds: response.retryAfter)
    }
}

extension HTTPResponse {
    /// `Retry-After` in milliseconds, at most a day (RFC 9110, section 10.2.3); a date counts from
    /// the server's own.
    var retryAfter: Int? {
        guard let text = header("retry-after") else { return nil }
        let day = 86_400
        if let seconds = Int(text) { return max(0, min(seconds, day)) * 1_000 }
        guard let then = HTTPResponse.date(text),
            let now = header("date").flatMap(HTTPResponse.date)
        else { return nil }
        return Int(max(0, min(then.timeIntervalSince(now), Double(day)))) * 1_000
    }

    private static func date(_ text: String) -> Date? {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(secondsFromGMT: 0)
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return form.date(from: text)
    }
}
