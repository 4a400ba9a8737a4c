/// Why a service and a client did not come to speak to each other.
public enum HandshakeFailure: Error, Hashable, Sendable {
    /// The service knows no such key.
    case notRegistered
    /// The service could not look the key up.
    case notChecked
    /// The service asks for keys, and the client has none.
    case keysMissing
    /// The client has keys, and the service takes none there.
    case keysUnwanted
    /// Whoever listens there broke off the handshake again and again.
    case brokenOff(hadKeys: Bool)
    /// Nothing came back, neither a reply nor a refusal.
    case silence

    func message(_ endpoint: String) -> String {
        switch self {
        case .notRegistered:
            "\(endpoint) refused this key: it is not registered there, or was revoked. An administrator "
                + "registers it with: workflowctl keys add NAME --role ROLE --public-key FILE"
        case .notChecked:
            "\(endpoint) could not look up this key just now. Its log says why; try again."
        case .keysMissing:
            "\(endpoint) asks for a key. Give yours with --key FILE, and the service's with --server-key."
        case .keysUnwanted:
            "\(endpoint) takes no keys. Leave out --key and --server-key, or connect to the endpoint for keys."
        case .brokenOff(hadKeys: false):
            "\(endpoint) breaks off the handshake. Most likely it asks for a key: give yours with --key FILE, and "
                + "the service's with --server-key. Or something else than workflowd listens there."
        case .brokenOff(hadKeys: true):
            "\(endpoint) breaks off the handshake. Most likely --server-key is not the key of that service; "
                + "workflowctl keys server prints it where workflowd runs. Or that endpoint takes no keys."
        case .silence:
            "No answer from \(endpoint). Most likely workflowd does not run there or a firewall is in between; "
                + "else --server-key is not the key of that service, or this key is not registered there."
        }
    }

    /// The exit code of a program that ends with it, after BSD's sysexits.
    var exitCode: Int32 {
        switch self {
        case .notRegistered, .keysMissing, .keysUnwanted, .brokenOff: 77
        case .notChecked, .silence: 69
        }
    }
}
