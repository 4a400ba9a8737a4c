public import JSONLines
public import ZeroMQ

/// A client of the command endpoint: one command, one reply.
///
/// It belongs to one thread.
public final class CommandClient {
    private let context: Context
    private let ownsContext: Bool
    private let socket: Socket
    private let watch: HandshakeWatch
    private let endpoint: String
    let timeout: Duration
    /// Asked a few times a second while a reply is waited for: false gives up.
    public var isWanted: (() -> Bool)?

    /// A client that waits up to `timeout` for each reply, and shows `keys` where the endpoint asks for
    /// them.
    ///
    /// With `connecting` a command is given up after that time where nobody listens; without it, it waits
    /// for a service that is about to start. Clients on several threads may share a `context`.
    /// - Throws: ``ClientError/endpoint(_:reason:)``.
    public init(
        endpoint: String, timeout: Duration, connecting: Duration? = nil, keys: ClientKeys? = nil,
        context: Context? = nil
    ) throws(ClientError) {
        self.endpoint = endpoint
        self.timeout = timeout
        self.context = context ?? Context()
        ownsContext = context == nil
        do {
            socket = try Socket(self.context, .request)
            try socket.set(
                .linger(.zero), .requestRelaxed(true), .requestCorrelate(true),
                .immediate(connecting != nil), .sendTimeout(connecting ?? timeout))
            if let keys { try socket.set(.curveClient(keys.own, server: keys.server)) }
            watch = try HandshakeWatch(socket, hasKeys: keys != nil)
            try socket.connect(endpoint)
        } catch {
            throw .endpoint(endpoint, reason: error.reason)
        }
    }

    deinit {
        watch.close()
        socket.close()
        if ownsContext { context.terminate() }
    }

    /// Sends one message as it is, and returns the reply as it comes.
    /// - Parameter timeout: for this reply, where it is another than the client's.
    /// - Throws: ``ClientError/noAnswer(_:)``; ``ClientError/handshake(_:_:)`` where keys are why.
    public func exchange(_ message: [UInt8], timeout: Duration? = nil) throws(ClientError)
        -> [UInt8]
    {
        let result: Result<[UInt8], HandshakeFailure>?
        do {
            result = try socket.send([message]) ? try reply(timeout ?? self.timeout) : nil
        } catch {
            throw .endpoint(endpoint, reason: error.reason)
        }
        switch result {
        case .success(let reply): return reply
        case .failure(let failure): throw .handshake(endpoint, failure)
        case nil: throw .noAnswer(endpoint)
        }
    }

    private static let glance = Duration.milliseconds(250)

    /// The next reply, or why there will be none; nil after the time.
    private func reply(_ timeout: Duration) throws(ZeroMQError) -> Result<
        [UInt8], HandshakeFailure
    >? {
        let end = ContinuousClock.now + timeout
        repeat {
            var items = [PollItem(.socket(socket), .readable), watch.pollItem]
            let left = max(.zero, ContinuousClock.now.duration(to: end))
            _ = try poll(&items, timeout: isWanted == nil ? left : min(left, Self.glance))
            if let frames = try socket.receive(wait: false) { return .success(frames.last ?? []) }
            if let failure = try watch.failure() { return .failure(failure) }
            if isWanted?() == false { return nil }
        } while ContinuousClock.now < end
        return watch.silence.map { .failure($0) }
    }

    /// Sends the command `op`, and returns its result.
    /// - Throws: ``ClientError``; ``ClientError/refused(op:code:_:)`` with the service's own words.
    @discardableResult
    public func call(_ op: String, _ args: JSONObject = [:]) throws(ClientError) -> JSON {
        try perform(op, args).result
    }
}
