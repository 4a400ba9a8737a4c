import ChannelKit
import Curl
import Foundation
import HTTPListener
import JSONLines

/// A configuration that was found good.
struct SMSSettings: Hashable, Sendable {
    /// Who carries the messages.
    enum Provider: Hashable, Sendable {
        case twilio(TwilioAccount)
        case kannel(KannelAccount)
    }

    let provider: Provider
    /// Who sends where a message does not say; nil where the provider chooses.
    let from: Sender?
    /// Where the provider's calls come in.
    let listen: LoopbackAddress?
    let connections: Int
    let maxSegments: Int
    let journal: String

    /// Reads `config`.
    /// - Throws: ``ConfigurationError`` that names the member and repeats no value.
    init(_ config: JSONObject) throws(ConfigurationError) {
        do throws(FieldError) {
            var reader = try ObjectReader(.object(config), at: "")
            from = try reader.sender("from")
            listen = try reader.loopback("listen")
            connections = try reader.integer("connections", in: 1...32) ?? 8
            maxSegments = try reader.integer("max_segments", in: 1...20) ?? 10
            journal = try reader.string("journal") ?? "journal.sqlite"
            provider = try SMSSettings.provider(&reader, from: from, listen: listen)
            try reader.finish()
        } catch {
            throw ConfigurationError(error)
        }
    }

    private static func provider(
        _ reader: inout ObjectReader, from: Sender?, listen: LoopbackAddress?
    ) throws(FieldError) -> Provider {
        switch try reader.requiredString("provider") {
        case "twilio": .twilio(try TwilioAccount(&reader, hasSender: from != nil, listen: listen))
        case "kannel": .kannel(try KannelAccount(&reader, listen: listen))
        default: throw reader.invalid("provider", "It must be twilio or kannel.")
        }
    }
}

/// How the provider is reached, whoever it is.
struct ProviderLine: Hashable, Sendable {
    /// The provider's address, without a slash at its end.
    let base: String
    let trust: TransportTrust
    /// For one request, from connecting to the last byte.
    let timeout: Duration

    /// Reads `base_url`, `ca_file` and `timeout_ms`.
    init(_ reader: inout ObjectReader, standard: String) throws(FieldError) {
        base = try reader.webAddress("base_url") ?? standard
        timeout = .milliseconds(try reader.integer("timeout_ms", in: 100...20_000) ?? 15_000)
        let file = try reader.string("ca_file")
        if let file, !FileManager.default.isReadableFile(atPath: file) {
            throw reader.invalid("ca_file", "This file cannot be read.")
        }
        trust = TransportTrust(authoritiesFile: file)
    }
}

extension ObjectReader {
    fileprivate mutating func sender(_ name: String) throws(FieldError) -> Sender? {
        guard let text = try string(name) else { return nil }
        guard let sender = Sender(text) else {
            throw invalid(name, "It must be a number such as +15550100123, a short code or a name.")
        }
        return sender
    }

    fileprivate mutating func loopback(_ name: String) throws(FieldError) -> LoopbackAddress? {
        guard let text = try string(name) else { return nil }
        guard let address = LoopbackAddress(text) else {
            throw invalid(
                name, "It must be an address of this machine with a port.",
                hint: "For instance 127.0.0.1:8085; a reverse proxy passes calls on to it.")
        }
        return address
    }

    /// An address without a slash at its end, to which secrets may be sent.
    mutating func webAddress(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name) else { return nil }
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil
        else {
            throw invalid(name, "It must be an address such as https://sms.example.com.")
        }
        let isHere = [host, "[\(host)]"].contains { LoopbackAddress("\($0):0") != nil }
        guard scheme == "https" || isHere else {
            throw invalid(
                name, "Secrets would cross the network in plain text.", hint: "Use https.")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// A text that has to be there and holds nothing that an address cannot.
    mutating func plainText(_ name: String) throws(FieldError) -> String {
        let text = try headerText(name)
        guard !text.contains(" ") else { throw invalid(name, "It must not hold a space.") }
        return text
    }

    /// A text that has to be there and holds nothing that a header field cannot.
    mutating func headerText(_ name: String) throws(FieldError) -> String {
        let text = try requiredString(name)
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw invalid(name, "It must hold visible ASCII characters only.")
        }
        return text
    }
}
