import ChannelJournal
import ChannelKit
import Curl
import HTTPListener
import WorkflowModel

/// Kannel's `sendsms` interface over one connection.
///
/// Source: Kannel User's Guide, "Using the HTTP interface to send SMS messages".
final class KannelGateway: Gateway {
    private let account: KannelAccount
    private let transfer = Transfer()

    init(_ account: KannelAccount) { self.account = account }

    /// Asks for a message to nobody, which Kannel refuses after it has taken the password.
    func check() throws(ConfigurationError) {
        let response = try transfer.ask(request(login))
        guard response.status == 400 else {
            throw ConfigurationError(KannelGateway.explanation(response))
        }
    }

    private static func explanation(_ response: HTTPResponse) -> String {
        response.status == 403
            ? "Kannel refused the username, the password or this machine."
            : "Kannel answered with HTTP status \(response.status)."
    }

    func send(_ message: TextMessage, _ begin: @escaping () throws -> Void) -> SendJournal.Sent {
        do throws(TransferFailure) {
            let response = try transfer.http(request(login + fields(message)), onUpload: begin)
            return KannelAnswer(response, isFollowed: account.callback != nil).sent
        } catch {
            return error.bodyBegan
                ? .ambiguous(reason: error.doubt) : .answered(.failed(error.refusal))
        }
    }

    /// Kannel keeps no messages that could be asked for; a later call settles it.
    func find(_ message: TextMessage, begun: Int64, ended: ContinuousClock.Instant?)
        -> SendJournal.Found
    {
        .silent(reason: "Kannel's answer did not come, and it cannot be asked.")
    }

    private var login: [(name: String, value: String)] {
        [(name: "username", value: account.username), (name: "password", value: account.password)]
    }

    private func fields(_ message: TextMessage) -> [(name: String, value: String)] {
        var fields = [
            (name: "to", value: message.to.text), (name: "text", value: message.text),
            (name: "charset", value: "UTF-8"),
            (name: "coding", value: message.segments.encoding == .gsm7 ? "0" : "2"),
        ]
        if let from = message.from { fields.append((name: "from", value: from.text)) }
        if let smsc = account.smsc { fields.append((name: "smsc", value: smsc)) }
        if let callback = account.callback {
            fields.append((name: "dlr-mask", value: "31"))
            fields.append((name: "dlr-url", value: callback.reportURL(of: message.key)))
        }
        return fields
    }

    private func request(_ fields: [(name: String, value: String)]) -> HTTPRequest {
        HTTPRequest(
            "POST", account.sendURL,
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            body: Array(FormFields.encode(fields).utf8), timeout: account.line.timeout,
            trust: account.line.trust)
    }
}

extension KannelAccount.Callback {
    /// What Kannel calls with the fate of `key` in place of `%d`.
    fileprivate func reportURL(of key: String) -> String {
        let fields = FormFields.encode([(name: "token", value: token), (name: "key", value: key)])
        // Kannel replaces escapes of its own, so that those of the address are doubled.
        let escaped = fields.split(separator: "%", omittingEmptySubsequences: false)
            .joined(separator: "%%")
        return "\(url)\(KannelCalls.reportPath)?\(escaped)&state=%d"
    }
}
