import CZeroMQ

/// One half of a CURVE key pair: 32 bytes, written as 40 characters of Z85.
///
/// See RFC 32 (Z85) and RFC 26 (CurveZMQ) of rfc.zeromq.org.
public struct CurveKey: Hashable, Sendable {
    /// The key in Z85.
    public let text: String

    private static let bytes = 32
    private static let characters = 40

    /// The key that `text` writes in Z85; nil where it writes none.
    public init?(z85 text: String) {
        guard text.utf8.count == CurveKey.characters, text.allSatisfy(\.isASCII) else { return nil }
        var decoded = [UInt8](repeating: 0, count: CurveKey.bytes)
        guard zmq_z85_decode(&decoded, text) != nil, let canonical = CurveKey(bytes: decoded),
            canonical.text == text
        else { return nil }
        self = canonical
    }

    /// The key of 32 `bytes`; nil for another number of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == CurveKey.bytes else { return nil }
        var buffer = [CChar](repeating: 0, count: CurveKey.characters + 1)
        guard zmq_z85_encode(&buffer, bytes, bytes.count) != nil else { return nil }
        text = CurveKey.string(buffer)
    }

    fileprivate init(_ buffer: [CChar]) { text = CurveKey.string(buffer) }

    private static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix(characters).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A CURVE key pair.
///
/// Whoever has the secret key is its owner; the public key names the owner to others. The secret
/// stays out of every description.
public struct CurveKeyPair: Hashable, Sendable, CustomStringConvertible {
    /// What others may know.
    public let publicKey: CurveKey
    /// What nobody else may know.
    public let secretKey: CurveKey

    /// A new pair from the system's random numbers.
    /// - Throws: ``ZeroMQError/notSupported`` where libzmq was built without CURVE.
    public init() throws(ZeroMQError) {
        var publicKey = [CChar](repeating: 0, count: 41)
        var secretKey = [CChar](repeating: 0, count: 41)
        guard zmq_curve_keypair(&publicKey, &secretKey) == 0 else { throw .last("make a key pair") }
        self.publicKey = CurveKey(publicKey)
        self.secretKey = CurveKey(secretKey)
    }

    /// The pair of `secretKey`.
    /// - Throws: ``ZeroMQError/notSupported`` where libzmq was built without CURVE.
    public init(secretKey: CurveKey) throws(ZeroMQError) {
        var publicKey = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&publicKey, secretKey.text) == 0 else {
            throw .last("find a public key")
        }
        self.publicKey = CurveKey(publicKey)
        self.secretKey = secretKey
    }

    /// The public key alone.
    public var description: String { "CurveKeyPair(\(publicKey.text))" }
}
