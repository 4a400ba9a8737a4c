import ChannelKit
import Curl
import Foundation
import JSONLines
import WorkflowModel

/// A configuration that was found good.
struct EmailSettings: Hashable, Sendable {
    /// The server's name or address.
    let host: String
    let port: Int
    let security: MailSubmission.Security
    let credentials: Credentials?
    let trust: TransportTrust
    /// What the channel calls itself in EHLO; nil for the machine's name.
    let clientName: String?
    /// Who sends where a message does not say.
    let from: MailAddress
    let replyTo: MailAddress?
    /// Where mails that unsubscribe go.
    let unsubscribeMailbox: MailAddress?
    /// How many sessions with the server at once.
    let connections: Int
    let journal: String

    /// For one mail, from connecting to the last reply.
    static let timeout = Duration.seconds(60)

    /// Reads `config`.
    /// - Throws: ``ConfigurationError`` that names the member and repeats no value.
    init(_ config: JSONObject) throws(ConfigurationError) {
        do throws(FieldError) {
            var reader = try ObjectReader(.object(config), at: "")
            host = try reader.serverName("host")
            security = try reader.security("security")
            port = try reader.integer("port", in: 1...65_535) ?? security.usualPort
            credentials = try reader.credentials()
            clientName = try reader.clientName("client_name")
            from = try reader.mailAddress("from", try reader.requiredString("from"))
            replyTo = try reader.optionalMailAddress("reply_to")
            unsubscribeMailbox = try reader.optionalMailAddress("unsubscribe_address")
            connections = try reader.integer("connections", in: 1...32) ?? 4
            journal = try reader.string("journal") ?? "journal.sqlite"
            trust = try reader.trust("ca_file")
            try reader.finish()
            guard security != .plain || Loopback.contains(host) else {
                throw FieldError(
                    .invalid, at: "security",
                    "Mail and password would cross the network in plain text.",
                    hint: "Use starttls or tls; plain is for this machine only.")
            }
        } catch {
            throw ConfigurationError(error)
        }
    }

    func submission(of mail: MailMessage) -> MailSubmission {
        submission(
            from: mail.sender, to: mail.recipient, mail.bytes,
            isBeyondASCII: mail.recipient.isBeyondASCII || mail.isSentFromBeyondASCII)
    }

    /// The server's part of a submission, and whether it carries the addresses that are in every mail.
    var greeting: MailSubmission {
        let own = [from, replyTo, unsubscribeMailbox].compactMap { $0 }
        return submission(
            from: from, to: from, [], isBeyondASCII: own.contains(where: \.isBeyondASCII))
    }

    private func submission(
        from sender: MailAddress, to recipient: MailAddress, _ message: [UInt8],
        isBeyondASCII: Bool
    ) -> MailSubmission {
        MailSubmission(
            host: host, port: port, security: security, credentials: credentials,
            clientName: clientName, sender: sender.address, recipient: recipient.address,
            message: message, isBeyondASCII: isBeyondASCII, timeout: Self.timeout, trust: trust)
    }
}

/// Names of this machine.
enum Loopback {
    static func contains(_ host: String) -> Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return ["localhost", "::1", "[::1]"].contains(host)
            || (octets.count == 4 && octets.allSatisfy { $0 != nil } && octets.first == 127)
    }
}

/// What may stand for a machine in a configuration.
enum HostName {
    /// Letters, digits, hyphens and dots (RFC 5321, 4.1.2); not an empty text.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", ".": true
                default: false
                }
            }
    }

    /// An IPv6 address, with or without brackets.
    static func isIPv6(_ text: String) -> Bool {
        let bare =
            text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
        var address = in6_addr()
        return inet_pton(AF_INET6, String(bare), &address) == 1
    }
}

extension MailSubmission.Security {
    /// RFC 6409 and RFC 8314; 25 for a server on this machine.
    fileprivate var usualPort: Int {
        switch self {
        case .startTLS: 587
        case .tls: 465
        case .plain: 25
        }
    }
}

extension ObjectReader {
    fileprivate mutating func serverName(_ name: String) throws(FieldError) -> String {
        let host = try requiredString(name)
        guard HostName.isName(host) || HostName.isIPv6(host) else {
            throw invalid(
                name, "It must be a server's name or address.",
                hint: "For instance smtp.example.com, without smtp:// before it.")
        }
        return HostName.isIPv6(host) && !host.hasPrefix("[") ? "[\(host)]" : host
    }

    fileprivate mutating func clientName(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name) else { return nil }
        guard HostName.isName(text) else {
            throw invalid(
                name, "It must be a machine's name.", hint: "For instance crm.example.com.")
        }
        return text
    }

    fileprivate mutating func security(_ name: String) throws(FieldError)
        -> MailSubmission.Security
    {
        switch try string(name) {
        case nil, "starttls": return .startTLS
        case "tls": return .tls
        case "plain": return .plain
        default: throw invalid(name, "It must be starttls, tls or plain.")
        }
    }

    fileprivate mutating func credentials() throws(FieldError) -> Credentials? {
        let user = try string("username")
        let password = try string("password")
        switch (user, password) {
        case (let user?, let password?): return Credentials(user: user, password: password)
        case (nil, nil): return nil
        case (nil, _): throw invalid("username", "A password needs one.")
        case (_, nil): throw invalid("password", "A username needs one.")
        }
    }

    fileprivate mutating func optionalMailAddress(_ name: String) throws(FieldError)
        -> MailAddress?
    {
        guard let text = try string(name) else { return nil }
        return try mailAddress(name, text)
    }

    fileprivate func mailAddress(_ name: String, _ text: String) throws(FieldError) -> MailAddress {
        guard let address = MailAddress(text) else {
            throw invalid(
                name, "It must be an address, or a name and an address.",
                hint: "For instance Evergreen Homes <office@example.com>.")
        }
        return address
    }

    fileprivate mutating func trust(_ name: String) throws(FieldError) -> TransportTrust {
        let file = try string(name)
        if let file, !FileManager.default.isReadableFile(atPath: file) {
            throw invalid(name, "This file cannot be read.")
        }
        return TransportTrust(authoritiesFile: file)
    }
}
