import Foundation

/// A file with a CURVE key pair, or with a public key alone, in the format of CZMQ's certificates.
///
/// Other clients read it as it is: CZMQ's `zcert_load`, pyzmq's `zmq.auth.load_certificate`. The format
/// is ZPL, RFC 4 of rfc.zeromq.org.
public struct CurveKeyFile: Hashable, Sendable, CustomStringConvertible {
    /// The public key.
    public let publicKey: CurveKey
    /// The secret key, where the file has it.
    public let secretKey: CurveKey?

    /// Why a file of keys cannot be used.
    public enum Failure: Error, Hashable, Sendable {
        /// It cannot be opened or written; the system's words.
        case unusable(String)
        /// It is there already.
        case exists
        /// It has a secret that every user of the machine can read.
        case readableByAll
        /// It has no public key, or a key that is none.
        case noKey
        /// Its public key does not belong to its secret key.
        case keysDiffer
    }

    /// Reads the file at `path`.
    /// - Throws: ``Failure``.
    public init(path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unusable(String(cString: strerror(errno)))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, let data = try? handle.read(upToCount: 65_536) else {
            throw .unusable(String(cString: strerror(errno)))
        }
        let members = CurveKeyFile.members(String(decoding: data, as: UTF8.self))
        guard let publicKey = members["public-key"].flatMap(CurveKey.init(z85:)) else {
            throw .noKey
        }
        self.publicKey = publicKey
        secretKey = try CurveKeyFile.secret(members, of: publicKey, mode: status.st_mode)
    }

    private static func secret(_ members: [String: String], of publicKey: CurveKey, mode: mode_t)
        throws(Failure) -> CurveKey?
    {
        guard let text = members["secret-key"] else { return nil }
        guard let key = CurveKey(z85: text) else { throw .noKey }
        guard mode & 0o007 == 0 else { throw .readableByAll }
        guard (try? CurveKeyPair(secretKey: key))?.publicKey == publicKey else { throw .keysDiffer }
        return key
    }

    /// The public key alone.
    public var description: String { "CurveKeyFile(\(publicKey.text))" }

    /// The pair, where the file has both keys.
    public var pair: CurveKeyPair? { secretKey.flatMap { try? CurveKeyPair(secretKey: $0) } }

    /// Writes `pair` into a new file at `path` that only its owner can read; on return it is durable.
    ///
    /// - Parameter comment: what the pair is for, one line.
    /// - Throws: ``Failure``; ``Failure/exists`` rather than replace a key.
    public static func write(_ pair: CurveKeyPair, to path: String, comment: String)
        throws(Failure)
    {
        let text = """
            #   \(comment)
            #   Whoever has the secret key is you: let nobody else read this file.
            metadata
            curve
                public-key = "\(pair.publicKey.text)"
                secret-key = "\(pair.secretKey.text)"

            """
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists : .unusable(String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw .unusable(reason)
        }
    }

    /// The values of the lines `name = "value"`, by name.
    private static func members(_ text: String) -> [String: String] {
        var members: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].trimmingCharacters(in: .whitespaces)
            guard !name.hasPrefix("#") else { continue }
            members[name] = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\"'"))
        }
        return members
    }
}

extension CurveKeyFile.Failure {
    /// What is wrong with the file and how to mend it, to stand behind "The key file PATH ".
    public var message: String {
        switch self {
        case .unusable(let reason): "cannot be used: \(reason)."
        case .exists: "is there already. Choose another name: a key is never replaced."
        case .readableByAll: "can be read by every user of this machine. Run: chmod 600"
        case .noKey:
            "holds no CURVE key: a line public-key = \"...\" with 40 characters of Z85 is missing."
        case .keysDiffer: "is damaged: its public key does not belong to its secret key."
        }
    }
}
