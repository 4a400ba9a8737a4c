import CZeroMQ

/// A libzmq socket, which is made, used and closed on one thread.
///
/// Messages go in and out whole, as all their frames. Of a new socket nothing lingers: what it has not
/// sent when it closes is lost, unless ``SocketOption/linger(_:)`` says otherwise.
public final class Socket {
    /// The patterns of exchange in use here.
    public enum Kind: Hashable, Sendable {
        /// Serves any number of peers; a message begins with the frame that names its peer.
        case router
        /// Sends to all subscribers, and drops what a slow one does not take.
        case publish
        /// Receives what matches its subscriptions, as first frame prefixes.
        case subscribe
        /// Sends one message and receives one, by turns; writes and strips the empty delimiter frame.
        case request
        /// Sends and receives in any order, without a delimiter of its own.
        case dealer
        /// Talks to exactly one other socket of the same process.
        case pair
    }

    let context: Context
    private(set) var pointer: UnsafeMutableRawPointer?
    private let message: UnsafeMutablePointer<zmq_msg_t>

    /// A socket of `kind` in `context`, connected to nothing yet.
    ///
    /// - Throws: ``ZeroMQError`` when there are too many sockets or the context is being terminated.
    public init(_ context: Context, _ kind: Kind) throws(ZeroMQError) {
        self.context = context
        message = .allocate(capacity: 1)
        zmq_msg_init(message)
        pointer = try context.makeSocket(kind.type)
        try set(.linger(.zero))
    }

    deinit {
        close()
        zmq_msg_close(message)
        message.deallocate()
    }

    /// Closes the socket; a second call does nothing, any other use afterwards throws.
    public func close() {
        guard let pointer else { return }
        zmq_close(pointer)
        self.pointer = nil
    }

    /// Listens at `endpoint`; on return peers can connect.
    ///
    /// - Throws: ``ZeroMQError``; see its ``ZeroMQError/addressInUse`` and its neighbours.
    public func bind(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_bind(pointer, endpoint) == 0 else { throw .last("bind \(endpoint)") }
    }

    /// Stops listening at `endpoint`, which must be spelt as ``lastEndpoint`` had it.
    ///
    /// The port may stay taken for some milliseconds more.
    public func unbind(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_unbind(pointer, endpoint) == 0 else { throw .last("unbind \(endpoint)") }
    }

    /// Connects to `endpoint`, now or as soon as somebody listens there, and again after each break.
    public func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(pointer, endpoint) == 0 else { throw .last("connect \(endpoint)") }
    }

    /// The endpoint last bound or connected, with the real port after a bind to
    /// `tcp://127.0.0.1:*`; empty before.
    public var lastEndpoint: String {
        // The longest is an ipc path: 107 bytes and the scheme.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            var count = buffer.count
            let result = zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, buffer.baseAddress, &count)
            guard result == 0, let text = buffer.baseAddress else { return "" }
            return String(cString: text)
        }
    }
}

extension Socket {
    /// Receives all frames of one message.
    ///
    /// - Parameter wait: whether to wait until one comes or the
    ///   ``SocketOption/receiveTimeout(_:)`` has passed.
    /// - Returns: nil when there is no message.
    public func receive(wait: Bool = true) throws(ZeroMQError) -> [[UInt8]]? {
        try receiveMessage(wait: wait)?.frames
    }

    /// Receives one message like ``receive(wait:)``, with the name of its sender.
    public func receiveMessage(wait: Bool = true) throws(ZeroMQError) -> ReceivedMessage? {
        guard try receiveFrame(wait ? 0 : ZMQ_DONTWAIT) else { return nil }
        var frames: [[UInt8]] = []
        frames.reserveCapacity(3)
        frames.append(frame)
        // The frames of a message come together or not at all: these are there already.
        while zmq_msg_more(message) != 0 {
            guard try receiveFrame(0) else { break }
            frames.append(frame)
        }
        let user = zmq_msg_gets(message, "User-Id").map { String(cString: $0) }
        return ReceivedMessage(
            frames: frames, userID: user, descriptor: zmq_msg_get(message, ZMQ_SRCFD))
    }

    private var frame: [UInt8] {
        Array(UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message)))
    }

    private func receiveFrame(_ flags: Int32) throws(ZeroMQError) -> Bool {
        while zmq_msg_recv(message, pointer, flags) < 0 {
            switch zmq_errno() {
            case EAGAIN: return false
            case EINTR: continue
            default: throw .last("receive")
            }
        }
        return true
    }

    /// Sends `frames`, at least one, as one message.
    ///
    /// On return the message is libzmq's, which delivers it whole or not at all.
    ///
    /// - Parameters:
    ///   - wait: whether to wait for room until the ``SocketOption/sendTimeout(_:)`` has passed.
    ///   - queue: where the last frame's bytes are counted until they have left libzmq.
    /// - Returns: false when nothing was sent because there is no room, or no peer yet.
    /// - Throws: ``ZeroMQError``; ``ZeroMQError/peerUnknown`` from a router with
    ///   ``SocketOption/routerMandatory(_:)``, which can go on with other peers.
    @discardableResult
    public func send(_ frames: [[UInt8]], wait: Bool = true, countedBy queue: QueuedBytes? = nil)
        throws(ZeroMQError) -> Bool
    {
        precondition(!frames.isEmpty, "a message has at least one frame")
        let flags = wait ? 0 : ZMQ_DONTWAIT
        var isSent = true
        for index in frames.indices {
            let more = index < frames.count - 1 ? ZMQ_SNDMORE : 0
            // A peer lost between two frames fails the second, and libzmq then drops the rest of
            // the message; it must be given that rest, or it would drop the next one.
            let counts = more == 0 ? queue : nil
            if try !sendFrame(frames[index], flags | more, counts) {
                isSent = false
                if index == 0 { break }
            }
        }
        return isSent
    }

    private func sendFrame(_ frame: [UInt8], _ flags: Int32, _ queue: QueuedBytes?)
        throws(ZeroMQError) -> Bool
    {
        if let queue { return try sendCounted(frame, flags, queue) }
        while frame.withUnsafeBytes({ zmq_send(pointer, $0.baseAddress, $0.count, flags) }) < 0 {
            switch zmq_errno() {
            case EAGAIN: return false
            case EINTR: continue
            default: throw .last("send")
            }
        }
        return true
    }
}

extension Socket {
    private func sendCounted(_ frame: [UInt8], _ flags: Int32, _ queue: QueuedBytes)
        throws(ZeroMQError) -> Bool
    {
        try withUnsafeTemporaryAllocation(of: zmq_msg_t.self, capacity: 1) {
            buffer throws(ZeroMQError) in
            guard let message = buffer.baseAddress else { return false }
            queue.fill(message, with: frame)
            // On success it is empty; else it still holds the bytes, and lets go of them.
            defer { zmq_msg_close(message) }
            while zmq_msg_send(message, pointer, flags) < 0 {
                switch zmq_errno() {
                case EAGAIN: return false
                case EINTR: continue
                default: throw .last("send")
                }
            }
            return true
        }
    }
}

/// A message as it came in.
public struct ReceivedMessage: Hashable, Sendable {
    /// All its frames.
    public let frames: [[UInt8]]
    /// What the ``Authenticator`` called the peer of its connection.
    ///
    /// On a socket without ``SocketOption/zapDomain(_:)`` a peer may claim any name here.
    public let userID: String?
    /// The descriptor of the connection that it came over, which may be closed by now; below 0 where it
    /// came over none.
    public let descriptor: Int32
}

extension Socket.Kind {
    fileprivate var type: Int32 {
        switch self {
        case .router: ZMQ_ROUTER
        case .publish: ZMQ_PUB
        case .subscribe: ZMQ_SUB
        case .request: ZMQ_REQ
        case .dealer: ZMQ_DEALER
        case .pair: ZMQ_PAIR
        }
    }
}
