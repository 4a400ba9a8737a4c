/// Why a command brought no result.
public enum ClientError: Error, Hashable, Sendable {
    /// The endpoint is none.
    case endpoint(String, reason: String)
    /// Nobody answered in time.
    case noAnswer(String)
    /// The connection was not made, for a reason that has to do with keys.
    case handshake(String, HandshakeFailure)
    /// A file of keys cannot be used.
    case keyFile(String, String)
    /// No program listens at the endpoint.
    case nobody(String)
    /// The reply is none of the protocol's.
    case reply(String)
    /// The command was refused, with the service's own code and words.
    case refused(op: String, code: String, String)
    /// The program of the service is not where it should be.
    case noProgram(String)

    /// What is wrong, in one sentence.
    public var message: String {
        switch self {
        case .endpoint(let endpoint, let reason): "\(endpoint) cannot be used: \(reason)"
        case .noAnswer(let endpoint): "No answer from \(endpoint). Is workflowd running there?"
        case .handshake(let endpoint, let failure): failure.message(endpoint)
        case .keyFile(let path, let reason): "The key file \(path) \(reason)"
        case .nobody(let endpoint):
            "Nobody listens at \(endpoint). Start workflowd, or say with --connect where it takes commands."
        case .reply(let reason): "The reply cannot be read: \(reason)"
        case .refused(let op, _, let words): "\(op): \(words)"
        case .noProgram(let path): "There is no workflowd at \(path). Build it with: swift build"
        }
    }

    /// The exit code of a program that ends with it, after BSD's sysexits.
    public var exitCode: Int32 {
        switch self {
        case .endpoint, .keyFile: 64
        case .noAnswer, .nobody: 69
        case .handshake(_, let failure): failure.exitCode
        case .reply, .refused: 1
        case .noProgram: 72
        }
    }
}
