import ZeroMQ

/// What a client shows a service that asks for keys, and what it knows the service by.
public struct ClientKeys: Hashable, Sendable {
    let own: CurveKeyPair
    let server: CurveKey

    /// The pair in the key file `file`, and the service's public key: in Z85, or the path of a file that
    /// has it.
    /// - Throws: ``ClientError/keyFile(_:_:)``.
    public init(file: String, server: String) throws(ClientError) {
        guard let pair = try ClientKeys.read(file).pair else {
            throw .keyFile(file, "has no secret key, so it cannot prove who you are.")
        }
        own = pair
        self.server = try ClientKeys.key(server)
    }

    /// The public key that `text` writes in Z85, or that the file at the path `text` has, in Z85.
    /// - Throws: ``ClientError/keyFile(_:_:)``.
    public static func publicKey(_ text: String) throws(ClientError) -> String {
        try key(text).text
    }

    /// Makes a key pair and writes it into a new file that only its owner can read.
    /// - Returns: its public key in Z85.
    /// - Throws: ``ClientError/keyFile(_:_:)``; a file that is there already is not replaced.
    public static func make(file: String) throws(ClientError) -> String {
        let pair = try newPair(for: file)
        do {
            try CurveKeyFile.write(pair, to: file, comment: "A client of workflowd.")
        } catch {
            throw .keyFile(file, error.message)
        }
        return pair.publicKey.text
    }

    private static func newPair(for file: String) throws(ClientError) -> CurveKeyPair {
        do {
            return try CurveKeyPair()
        } catch {
            throw .keyFile(file, "cannot be made: \(error.reason).")
        }
    }

    private static func key(_ text: String) throws(ClientError) -> CurveKey {
        if let key = CurveKey(z85: text) { return key }
        return try read(text).publicKey
    }

    private static func read(_ path: String) throws(ClientError) -> CurveKeyFile {
        do {
            return try CurveKeyFile(path: path)
        } catch {
            throw .keyFile(path, error.message)
        }
    }
}
