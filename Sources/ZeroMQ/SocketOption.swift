import CZeroMQ

/// A setting of a socket.
///
/// All but the subscriptions count for what is bound or connected later; so set them first. Durations are rounded up to milliseconds; nil waits without a limit.
public enum SocketOption: Hashable, Sendable {
    /// How long unsent messages survive the closing of their socket, and delay
    /// ``Context/terminate()``.
    case linger(Duration?)
    /// How many messages wait to be sent to each peer; 0 is no limit.
    case sendHighWaterMark(Int)
    /// How many received messages of each peer wait to be taken; 0 is no limit.
    case receiveHighWaterMark(Int)
    /// The largest frame in bytes that a peer may send; a larger one breaks its connection, without
    /// an answer.
    case maximumMessageSize(Int)
    /// Whether a router refuses a message to a peer that it does not know, rather than drop it.
    case routerMandatory(Bool)
    /// Pings each peer every `interval`, and cuts it when it stays silent for `timeout`; asks the peer
    /// to cut this side after `timeToLive` of silence (in steps of 0.1 s, at most 6,553 s).
    case heartbeat(interval: Duration, timeout: Duration, timeToLive: Duration)
    /// How long a peer may take over the handshake before it is cut; zero is no limit.
    case handshakeInterval(Duration)
    /// Whether messages wait for a finished connection, rather than for one still being made.
    case immediate(Bool)
    /// Adds a subscription to all messages whose first frame begins with `prefix`.
    case subscribe(prefix: String)
    /// Whether a request may follow another that was not answered.
    case requestRelaxed(Bool)
    /// Whether a request carries a number in a frame before the delimiter, and only its own reply is
    /// taken.
    case requestCorrelate(Bool)
    /// How long ``Socket/send(_:wait:)`` waits.
    case sendTimeout(Duration?)
    /// How long ``Socket/receive(wait:)`` waits.
    case receiveTimeout(Duration?)
    /// Only peers that know this server's public key, and have a key of their own, are let in.
    ///
    /// Which keys those are, nobody checks without ``zapDomain(_:)``: every key is let in.
    case curveServer(CurveKeyPair)
    /// Connects with `keys` to the server whose public key is `server`, and to no other.
    case curveClient(CurveKeyPair, server: CurveKey)
    /// Every handshake is decided by the context's ``Authenticator``, under the domain of this name,
    /// which is not empty; without an authenticator it fails.
    case zapDomain(String)
}

extension SocketOption {
    /// `ZMQ_ZAP_ENFORCE_DOMAIN`, which the library honours though stable headers hide it.
    ///
    /// Without it handshakes succeed where no handler answers.
    fileprivate static let enforceDomain: Int32 = 93
}

extension Socket {
    /// Makes `options` hold, one after another.
    ///
    /// - Throws: ``ZeroMQError`` about the first that does not suit the socket's kind or is out of
    ///   range; those before it hold.
    public func set(_ options: SocketOption...) throws(ZeroMQError) {
        for option in options { try set(option) }
    }

    private func set(_ option: SocketOption) throws(ZeroMQError) {
        switch option {
        case .linger(let time): try set(ZMQ_LINGER, limit: time)
        case .sendHighWaterMark(let count): try set(ZMQ_SNDHWM, Int32(clamping: count))
        case .receiveHighWaterMark(let count): try set(ZMQ_RCVHWM, Int32(clamping: count))
        case .maximumMessageSize(let bytes): try set(ZMQ_MAXMSGSIZE, Int64(bytes))
        case .routerMandatory(let isOn): try set(ZMQ_ROUTER_MANDATORY, isOn)
        case .heartbeat(let interval, let timeout, let timeToLive):
            try set(ZMQ_HEARTBEAT_IVL, interval.milliseconds)
            try set(ZMQ_HEARTBEAT_TIMEOUT, timeout.milliseconds)
            try set(ZMQ_HEARTBEAT_TTL, timeToLive.milliseconds)
        case .handshakeInterval(let time): try set(ZMQ_HANDSHAKE_IVL, time.milliseconds)
        case .immediate(let isOn): try set(ZMQ_IMMEDIATE, isOn)
        case .subscribe(let prefix): try set(ZMQ_SUBSCRIBE, text: prefix)
        case .requestRelaxed(let isOn): try set(ZMQ_REQ_RELAXED, isOn)
        case .requestCorrelate(let isOn): try set(ZMQ_REQ_CORRELATE, isOn)
        case .sendTimeout(let time): try set(ZMQ_SNDTIMEO, limit: time)
        case .receiveTimeout(let time): try set(ZMQ_RCVTIMEO, limit: time)
        case .curveServer(let keys):
            try set(ZMQ_CURVE_SERVER, true)
            try set(ZMQ_CURVE_SECRETKEY, text: keys.secretKey.text)
        case .curveClient(let keys, let server):
            try set(ZMQ_CURVE_SERVERKEY, text: server.text)
            try set(ZMQ_CURVE_PUBLICKEY, text: keys.publicKey.text)
            try set(ZMQ_CURVE_SECRETKEY, text: keys.secretKey.text)
        case .zapDomain(let domain):
            precondition(!domain.isEmpty, "an empty domain lets every key in")
            try set(ZMQ_ZAP_DOMAIN, text: domain)
            try set(SocketOption.enforceDomain, true)
        }
    }

    private func set(_ name: Int32, limit: Duration?) throws(ZeroMQError) {
        try set(name, limit?.milliseconds ?? -1)
    }

    private func set(_ name: Int32, _ isOn: Bool) throws(ZeroMQError) {
        try set(name, Int32(isOn ? 1 : 0))
    }

    private func set(_ name: Int32, _ value: some FixedWidthInteger & BitwiseCopyable)
        throws(ZeroMQError)
    {
        let result = withUnsafeBytes(of: value) { bytes in
            zmq_setsockopt(pointer, name, bytes.baseAddress, bytes.count)
        }
        guard result == 0 else { throw .last("set option \(name)") }
    }

    private func set(_ name: Int32, text: String) throws(ZeroMQError) {
        guard zmq_setsockopt(pointer, name, text, text.utf8.count) == 0 else {
            throw .last("set option \(name)")
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, from 0 to the largest that libzmq counts.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return Int32.max }
        let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(max(0, seconds * 1000 + part))
    }
}
