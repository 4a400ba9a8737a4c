import ChannelJournal
import ChannelKit
import Curl
import HTTPListener
import JSONLines

/// Twilio's REST interface over one connection.
final class TwilioGateway: Gateway {
    private let account: TwilioAccount
    private let news: ProviderNews?
    private let transfer = Transfer()

    init(_ account: TwilioAccount, _ news: ProviderNews?) {
        self.account = account
        self.news = news
    }

    func check() throws(ConfigurationError) {
        let response = try transfer.ask(account.request("GET", account.url))
        guard response.status == 200 else {
            throw ConfigurationError(TwilioGateway.refusal(response).reason)
        }
    }

    // MARK: Sending

    func send(_ message: TextMessage, _ begin: @escaping () throws -> Void) -> SendJournal.Sent {
        do throws(TransferFailure) {
            let request = account.request(
                "POST", account.url("Messages.json"), form: form(message))
            return TwilioGateway.sent(try transfer.http(request, onUpload: begin))
        } catch {
            return error.bodyBegan
                ? .ambiguous(reason: error.doubt) : .answered(.failed(error.refusal))
        }
    }

    private func form(_ message: TextMessage) -> String {
        var fields = [(name: "To", value: message.to.text), (name: "Body", value: message.text)]
        if let from = message.from { fields.append((name: "From", value: from.text)) }
        if let service = account.messagingService {
            fields.append((name: "MessagingServiceSid", value: service))
        }
        if let callback = account.callback(TwilioCalls.statusPath) {
            let key = FormFields.encode([(name: "key", value: message.key)])
            fields.append((name: "StatusCallback", value: "\(callback)?\(key)"))
        }
        return FormFields.encode(fields)
    }

    /// An answer of 5xx, or none that can be read, says nothing about the message.
    private static func sent(_ response: HTTPResponse) -> SendJournal.Sent {
        switch response.status {
        case 200...299:
            guard let message = (try? JSON(parsing: response.body)).flatMap(TwilioMessage.init)
            else { return .ambiguous(reason: "Twilio's answer cannot be read.") }
            return .answered(message.answer ?? .accepted, reference: message.sid)
        case 300...499: return .answered(.failed(refusal(response)))
        default: return .ambiguous(reason: "Twilio answered with HTTP status \(response.status).")
        }
    }

    private static func refusal(_ response: HTTPResponse) -> SendAnswer.Failure {
        let body = try? JSON(parsing: response.body)
        let pause = response.header("retry-after").flatMap { Int($0) }
        return TwilioError.refusal(
            status: response.status, code: body?["code"]?.integer.map(Int.init),
            retryAfterMilliseconds: pause.map { min(max(0, $0), 86_400) * 1_000 })
    }

    // MARK: Looking

    func find(_ message: TextMessage, begun: Int64, ended: ContinuousClock.Instant?)
        -> SendJournal.Found
    {
        guard let news else { return .silent(reason: "Twilio is not asked.") }
        return TwilioSearch(
            message, begun: begun, ended: ended, list: TwilioList(account, transfer), news: news
        ).run()
    }
}
