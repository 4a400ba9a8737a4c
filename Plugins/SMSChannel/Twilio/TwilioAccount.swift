import Curl
import Foundation
import HTTPListener
import JSONLines

/// A Twilio account, or one of a service with the same interface.
struct TwilioAccount: Hashable, Sendable {
    let line: ProviderLine
    let sid: String
    let token: String
    /// The service that chooses the sender.
    let messagingService: String?
    /// Where Twilio finds the listener, without a slash at its end; nil where nobody listens.
    let publicURL: String?
    /// How often messages and replies are asked for.
    let pollPause: Duration
    /// How long a message that was taken may be missing in the list of messages.
    let settling: Duration

    private static let address = "https://api.twilio.com"

    /// Reads Twilio's part of a configuration.
    init(_ reader: inout ObjectReader, hasSender: Bool, listen: LoopbackAddress?)
        throws(FieldError)
    {
        line = try ProviderLine(&reader, standard: TwilioAccount.address)
        let isTwilio = line.base == TwilioAccount.address
        sid = try reader.identifier("account_sid", isTwilio ? "AC" : nil)
        token = try reader.plainText("auth_token")
        messagingService =
            reader.value("messaging_service_sid") == nil
            ? nil : try reader.identifier("messaging_service_sid", isTwilio ? "MG" : nil)
        publicURL = try reader.webAddress("public_url")
        let pause = publicURL == nil ? 15 : 300
        pollPause = .seconds(try reader.integer("poll_seconds", in: 1...3_600) ?? pause)
        settling = .milliseconds(try reader.integer("settle_ms", in: 0...15_000) ?? 10_000)
        guard hasSender || messagingService != nil else {
            throw FieldError(
                .missing, at: "from", "This field is required.",
                hint: "Give the number to send from, or messaging_service_sid.")
        }
        guard (publicURL == nil) == (listen == nil) else {
            let name = listen == nil ? "listen" : "public_url"
            throw FieldError(
                .missing, at: name, "This field is required.",
                hint: "Twilio's calls need both listen and public_url; without both, it is polled.")
        }
    }

    /// The address of a resource of the account, such as `Messages.json`.
    func url(_ resource: String) -> String { "\(account)/\(resource)" }

    /// The address of the account itself.
    var url: String { "\(account).json" }

    private var account: String { "\(line.base)/2010-04-01/Accounts/\(FormFields.encode(sid))" }

    /// A request with the account's name and token.
    func request(_ method: String, _ url: String, form: String? = nil, timeout: Duration? = nil)
        -> HTTPRequest
    {
        HTTPRequest(
            method, url,
            headers: form == nil
                ? [] : [(name: "Content-Type", value: "application/x-www-form-urlencoded")],
            body: form.map { Array($0.utf8) },
            credentials: Credentials(user: sid, password: token), timeout: timeout ?? line.timeout,
            trust: line.trust)
    }

    /// Where the listener's `path` is from outside.
    func callback(_ path: String) -> String? { publicURL.map { $0 + path } }

    /// The same in all the ways that Twilio may write it: with the port of https, and without.
    func callbacks(_ path: String) -> [String] {
        guard let publicURL, var parts = URLComponents(string: publicURL) else { return [] }
        let usual = parts.scheme?.lowercased() == "http" ? 80 : 443
        guard parts.port == nil || parts.port == usual else { return [publicURL + path] }
        parts.port = parts.port == nil ? usual : nil
        return [publicURL, parts.string].compactMap { $0.map { $0 + path } }
    }
}

extension ObjectReader {
    /// One of Twilio's names for what is the account's: `prefix` and 32 hexadecimal digits; nil for any text.
    fileprivate mutating func identifier(_ name: String, _ prefix: String?) throws(FieldError)
        -> String
    {
        let text = try plainText(name)
        guard let prefix else { return text }
        let digits = text.dropFirst(prefix.count)
        guard text.hasPrefix(prefix), digits.utf8.count == 32,
            digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else {
            throw invalid(name, "It must be \(prefix) and 32 digits from 0 to 9 and a to f.")
        }
        return text
    }
}
