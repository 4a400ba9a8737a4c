import CZeroMQ
import Synchronization

/// Tells what the connections of one socket go through.
///
/// It is made before what it is to tell can happen, and belongs to the socket's thread. Take its events:
/// libzmq keeps them until then.
public final class SocketMonitor {
    /// What happened to a connection or a listener.
    public enum Event: Hashable, Sendable {
        /// Both sides know and accept each other.
        case handshakeSucceeded
        /// The server refused this side, with a status of ZAP: 400 the key is not registered, 300 and
        /// 500 it could not be checked.
        case handshakeRefused(status: Int)
        /// The two sides do not use the same mechanism: one asks for keys, the other has none.
        case mechanismDiffers
        /// The other side broke off the handshake without a word.
        case handshakeBroken
        /// A listener is gone, and its address free.
        case listenerClosed
        /// A listener took in a connection, which has this descriptor; its handshake is yet to come.
        case accepted(descriptor: Int32)
        /// The connection with this descriptor has ended; libzmq closes the descriptor now.
        case disconnected(descriptor: Int32)
    }

    /// What a monitor tells about.
    public enum Subject: Hashable, Sendable {
        /// How handshakes end.
        case handshakes
        /// When connections are taken in and end, and listeners are closed.
        case connections
    }

    private static let count = Atomic(0)
    private let socket: Socket

    /// A monitor of `subject` at `watched`, which has no other.
    public init(_ watched: Socket, _ subject: Subject) throws(ZeroMQError) {
        let number = SocketMonitor.count.add(1, ordering: .relaxed).newValue
        let endpoint = "inproc://socket-monitor-\(number)"
        guard zmq_socket_monitor(watched.pointer, endpoint, subject.events) == 0 else {
            throw .last("monitor")
        }
        socket = try Socket(watched.context, .pair)
        // libzmq would wait for room, and nobody takes events while the watched socket is closed.
        try socket.set(.receiveHighWaterMark(0))
        try socket.connect(endpoint)
    }

    /// Ends the monitor; a second call does nothing, any other use afterwards throws.
    public func close() { socket.close() }

    /// What to poll: readable when an event waits.
    public var pollItem: PollItem { PollItem(.socket(socket), .readable) }

    /// The next event that has happened already; nil where there is none.
    public func next() throws(ZeroMQError) -> Event? {
        while let frames = try socket.receive(wait: false) {
            if let event = SocketMonitor.event(frames[0]) { return event }
        }
        return nil
    }

    /// The next event, for which it waits up to `limit`; nil where none comes.
    public func next(within limit: Duration) throws(ZeroMQError) -> Event? {
        let end = ContinuousClock.now + limit
        while true {
            if let event = try next() { return event }
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return nil }
            var items = [pollItem]
            _ = try poll(&items, timeout: left)
        }
    }

    /// The event of a frame: 16 bits of kind and 32 of value, in the machine's byte order.
    private static func event(_ frame: [UInt8]) -> Event? {
        guard frame.count == 6 else { return nil }
        let (kind, value) = frame.withUnsafeBytes { bytes in
            (
                Int32(bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self)),
                bytes.loadUnaligned(fromByteOffset: 2, as: Int32.self)
            )
        }
        switch kind {
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .handshakeSucceeded
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .handshakeRefused(status: Int(value))
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            let differs = value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
            return differs ? .mechanismDiffers : .handshakeBroken
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return .handshakeBroken
        case ZMQ_EVENT_CLOSED: return .listenerClosed
        case ZMQ_EVENT_ACCEPTED: return .accepted(descriptor: value)
        case ZMQ_EVENT_DISCONNECTED: return .disconnected(descriptor: value)
        default: return nil
        }
    }
}

extension SocketMonitor.Subject {
    fileprivate var events: Int32 {
        switch self {
        case .handshakes:
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
                | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        case .connections: ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
        }
    }
}
