import CZeroMQ

/// An operation that libzmq, or the kernel below it, refused.
public struct ZeroMQError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error number: one of `errno`'s, or of libzmq's own above them.
    public let code: Int32
    /// What was tried: `bind tcp://127.0.0.1:7400`.
    public let operation: String

    /// The error `code` of `operation`.
    public init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }

    /// The error that the last call on this thread left behind.
    static func last(_ operation: String) -> ZeroMQError {
        ZeroMQError(code: zmq_errno(), operation: operation)
    }

    /// The meaning of ``code`` in libzmq's words: `Address already in use`.
    public var reason: String { String(cString: zmq_strerror(code)) }

    /// Operation and reason: `bind tcp://127.0.0.1:7400: Address already in use`.
    public var description: String { "\(operation): \(reason)" }

    /// Whether another socket listens at the address.
    public var addressInUse: Bool { code == EADDRINUSE }

    /// Whether the address belongs to no interface of this machine.
    public var addressNotAvailable: Bool { code == EADDRNOTAVAIL || code == ENODEV }

    /// Whether the rights to use the address or path are missing.
    public var permissionDenied: Bool { code == EACCES || code == EPERM }

    /// Whether the folder of an `ipc://` path does not exist.
    public var noSuchPath: Bool { code == ENOENT }

    /// Whether the endpoint is misspelt or of an unknown transport, or the option's value is refused.
    public var invalidArgument: Bool { code == EINVAL || code == EPROTONOSUPPORT }

    /// Whether this libzmq was built without what was asked for.
    public var notSupported: Bool { code == CZeroMQ.ENOTSUP }

    /// Whether a mandatory router knows no such peer, or no longer.
    public var peerUnknown: Bool { code == EHOSTUNREACH }

    /// Whether the socket cannot do this now: a request socket that still owes a receive.
    public var wrongState: Bool { code == CZeroMQ.EFSM }

    /// Whether the context was terminated under the socket.
    public var terminated: Bool { code == CZeroMQ.ETERM }

    /// Whether the process or the context has no descriptor or socket left.
    public var tooManyOpen: Bool { code == EMFILE || code == ENFILE }
}
