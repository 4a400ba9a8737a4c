import ChannelJournal
import ChannelKit
import Curl
import HTTPListener
import WorkflowModel

/// Kannel's `sendsms` interface over one connection.
///
/// Messages are posted as plain text with `X-Kannel-` fields, so that no address and no text reaches the
/// gateway's list of requests. Source: Kannel User's Guide, "Using the HTTP interface to send SMS messages".
final class KannelGateway: Gateway {
    private let account: KannelAccount
    private let transfer = Transfer()

    init(_ account: KannelAccount) { self.account = account }

    /// Asks for a message to nobody, which Kannel refuses after it has taken the password.
    func check() throws(ConfigurationError) {
        let response = try transfer.ask(request([], ""))
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
            let response = try transfer.http(
                request(fields(message), message.text), onUpload: begin)
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
        .silent(reason: "Kannel cannot be asked what became of it.")
    }

    private func fields(_ message: TextMessage) -> [(name: String, value: String)] {
        var fields = [
            (name: "X-Kannel-To", value: message.to.text),
            (name: "X-Kannel-Coding", value: message.segments.encoding == .gsm7 ? "0" : "2"),
        ]
        if let from = message.from { fields.append((name: "X-Kannel-From", value: from.text)) }
        if let smsc = account.smsc { fields.append((name: "X-Kannel-SMSC", value: smsc)) }
        if let callback = account.callback {
            fields.append((name: "X-Kannel-DLR-Mask", value: "31"))
            fields.append((name: "X-Kannel-DLR-Url", value: callback.reportURL(of: message.key)))
        }
        return fields
    }

    private func request(_ fields: [(name: String, value: String)], _ text: String) -> HTTPRequest {
        let login = [
            (name: "Content-Type", value: "text/plain; charset=UTF-8"),
            (name: "X-Kannel-Username", value: account.username),
            (name: "X-Kannel-Password", value: account.password),
        ]
        return HTTPRequest(
            "POST", account.sendURL, headers: login + fields, body: Array(text.utf8),
            timeout: account.line.timeout, trust: account.line.trust)
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
