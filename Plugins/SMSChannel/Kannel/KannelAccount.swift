import Curl
import HTTPListener
import JSONLines

/// A sendsms-user of a Kannel gateway.
struct KannelAccount: Hashable, Sendable {
    /// Where Kannel finds the listener, and what its calls carry.
    struct Callback: Hashable, Sendable {
        /// Without a slash at its end.
        let url: String
        let token: String
    }

    let line: ProviderLine
    let username: String
    let password: String
    let smsc: String?
    /// Nil where nobody listens: then a message's fate ends with Kannel's acceptance.
    let callback: Callback?

    /// Reads Kannel's part of a configuration.
    init(_ reader: inout ObjectReader, listen: LoopbackAddress?) throws(FieldError) {
        line = try ProviderLine(&reader, standard: "http://127.0.0.1:13013")
        username = try reader.headerText("username")
        password = try reader.headerText("password")
        smsc = try reader.string("smsc") == nil ? nil : reader.headerText("smsc")
        let url = try reader.webAddress("callback_url")
        guard let listen else {
            callback = nil
            let token = try reader.string("callback_token")
            guard url == nil, token == nil else {
                throw FieldError(
                    .missing, at: "listen", "This field is required.",
                    hint: "Kannel's calls need an address to come in at.")
            }
            return
        }
        callback = Callback(
            url: url ?? "http://\(listen)", token: try reader.plainText("callback_token"))
    }

    /// The address that messages are posted to.
    var sendURL: String { "\(line.base)/cgi-bin/sendsms" }
}
