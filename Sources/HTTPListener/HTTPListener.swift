import CMicroHTTPD
import Glibc

/// A small HTTP/1.1 server on a loopback address.
///
/// It serves at most ``Limits/connections`` connections at a time: where one more comes, the one that has
/// been idle or has sent at its request for longest goes. A request has to be there whole within
/// ``Limits/request``, however its bytes come; one that can be understood in two ways is refused with
/// 400, a body above ``Limits/body`` with 413. On which thread the handler is called is a matter of
/// ``Threads``.
public final class HTTPListener: @unchecked Sendable {
    /// What a client may ask of the listener.
    public struct Limits: Sendable {
        /// Connections at a time.
        public var connections = 64
        /// Bytes of a body.
        public var body = 65_536
        /// Bytes of the request line and the header fields.
        public var head = 32_768
        /// How long a request may take to come in, from its first byte, or from the connection's
        /// beginning, to its last.
        public var request = Duration.seconds(15)
        /// How long a client may take to read its response.
        public var response = Duration.seconds(60)
        /// How long a connection is kept for the next request.
        public var silence = Duration.seconds(15)

        /// The usual limits.
        public init() {}
    }

    /// On which threads requests are handled.
    public enum Threads: Sendable {
        /// One thread for all connections: the handler is called for one request after the other, and
        /// must not wait.
        case one
        /// A thread for each connection: the handler may wait, and has to ask now and then whether the
        /// request is still awaited, ``IncomingRequest/isAwaited``.
        case onePerConnection
    }

    /// Why nothing can be listened to.
    public struct Unavailable: Error {
        /// The system's words.
        public let reason: String
    }

    /// The server's threads work with it, whoever still knows this listener.
    private let service: Unmanaged<RequestService>
    private var daemon: OpaquePointer?

    /// Listens at `address` until ``stop()`` or the end of the process.
    ///
    /// It listens on when nobody refers to the listener any more: a reference that only keeps something
    /// alive is one that an optimizer may drop behind its last use.
    /// - Parameter headers: what every response carries besides its own header fields.
    /// - Throws: ``Unavailable``: the port is in use, for instance.
    public init(
        at address: LoopbackAddress, limits: Limits = Limits(), threads: Threads = .one,
        headers: [String: String] = [:],
        handler: @escaping @Sendable (IncomingRequest) -> OutgoingResponse
    ) throws(Unavailable) {
        service = .passRetained(
            RequestService(limits: limits, headers: headers, handler: handler))
        let context = service.toOpaque()
        daemon = address.withSocketAddress {
            workflows_http_start(
                $0, RequestService.take, RequestService.begin, RequestService.complete,
                RequestService.notice, context,
                // What has to go takes a moment to go.
                UInt32(2 * limits.connections), limits.head, threads == .onePerConnection ? 1 : 0)
        }
        guard daemon == nil else { return }
        let reason = String(cString: strerror(errno))
        service.takeUnretainedValue().connections.stop()
        service.release()
        throw Unavailable(reason: reason)
    }

    /// The port that it listens at.
    public var port: Int { daemon.map { Int(workflows_http_port($0)) } ?? 0 }

    /// Finishes the requests that are being handled, and closes all connections; a second call does
    /// nothing.
    public func stop() {
        guard let daemon else { return }
        MHD_stop_daemon(daemon)
        self.daemon = nil
        service.takeUnretainedValue().connections.stop()
        service.release()
    }
}
