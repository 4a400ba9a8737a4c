import CMicroHTTPD
import Glibc

/// A small HTTP/1.1 server on a loopback address.
///
/// It serves at most ``Limits/connections`` connections at a time; a client that says nothing for
/// ``Limits/silence`` is cut off, and a body above ``Limits/body`` is refused with 413. On which thread
/// the handler is called is a matter of ``Threads``.
public final class HTTPListener: @unchecked Sendable {
    /// What a client may ask of the listener.
    public struct Limits: Sendable {
        /// Connections at a time.
        public var connections = 64
        /// Bytes of a body.
        public var body = 65_536
        /// Bytes of the request line and the header fields.
        public var head = 32_768
        /// How long a client may say nothing.
        public var silence = Duration.seconds(15)

        /// The usual limits.
        public init() {}
    }

    /// On which threads requests are handled.
    public enum Threads: Sendable {
        /// One thread for all connections: the handler is called for one request after the other, and
        /// must not wait.
        case one
        /// A thread for each connection: the handler may wait, for less than ``Limits/silence``.
        case onePerConnection
    }

    /// Why nothing can be listened to.
    public struct Unavailable: Error {
        /// The system's words.
        public let reason: String
    }

    /// The server's threads work with it, whoever still knows this listener.
    private let service: Unmanaged<Service>
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
        service = .passRetained(Service(limits: limits, headers: headers, handler: handler))
        let context = service.toOpaque()
        daemon = address.withSocketAddress {
            workflows_http_start(
                $0, Service.take, Service.begin, Service.complete, context,
                UInt32(limits.connections), UInt32(limits.silence.components.seconds), limits.head,
                threads == .onePerConnection ? 1 : 0)
        }
        guard daemon == nil else { return }
        let reason = String(cString: strerror(errno))
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
        service.release()
    }
}

/// What the server's threads call.
private final class Service: Sendable {
    let limits: HTTPListener.Limits
    let headers: [String: String]
    let handler: @Sendable (IncomingRequest) -> OutgoingResponse

    init(
        limits: HTTPListener.Limits, headers: [String: String],
        handler: @escaping @Sendable (IncomingRequest) -> OutgoingResponse
    ) {
        self.limits = limits
        self.headers = headers
        self.handler = handler
    }

    /// A request of which more may come.
    final class Partial {
        let target: String
        var hasHead = false
        var body: [UInt8] = []
        init(target: String) { self.target = target }
    }

    static let begin: workflows_http_begin = { _, target, _ in
        let partial = Partial(target: target.map { String(cString: $0) } ?? "/")
        return Unmanaged.passRetained(partial).toOpaque()
    }

    static let complete: MHD_RequestCompletedCallback = { _, _, request, _ in
        guard let partial = request?.pointee else { return }
        Unmanaged<Partial>.fromOpaque(partial).release()
        request?.pointee = nil
    }

    static let take: MHD_AccessHandlerCallback = {
        context, connection, _, method, _, bytes, count, request in
        guard let context, let connection, let partial = request?.pointee, let count else {
            return .NO
        }
        return Unmanaged<Service>.fromOpaque(context).takeUnretainedValue().take(
            connection, method.map { String(cString: $0) } ?? "",
            Unmanaged<Partial>.fromOpaque(partial).takeUnretainedValue(),
            UnsafeBufferPointer(start: bytes, count: count.pointee), count)
    }

    /// Called with the head, with each piece of the body, and at the end.
    private func take(
        _ connection: OpaquePointer, _ method: String, _ partial: Partial,
        _ piece: UnsafeBufferPointer<CChar>, _ taken: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        guard partial.hasHead else {
            partial.hasHead = true
            let length = headers(connection)["content-length"].flatMap { Int($0) } ?? 0
            return length > limits.body ? answer(connection, OutgoingResponse(413)) : .YES
        }
        guard piece.isEmpty else {
            // A body of unknown length can only be cut off.
            guard partial.body.count + piece.count <= limits.body else { return .NO }
            partial.body += piece.map { UInt8(bitPattern: $0) }
            taken.pointee = 0
            return .YES
        }
        let request = IncomingRequest(
            method: method, target: partial.target, headers: headers(connection),
            body: partial.body)
        return answer(connection, handler(request))
    }

    private func headers(_ connection: OpaquePointer) -> [String: String] {
        var headers: [String: String] = [:]
        withUnsafeMutablePointer(to: &headers) { headers in
            _ = MHD_get_connection_values(
                connection, .HEADER_KIND,
                { context, _, name, value in
                    guard let context, let name, let value else { return .YES }
                    let headers = context.assumingMemoryBound(to: [String: String].self)
                    headers.pointee[String(cString: name).lowercased()] = String(cString: value)
                    return .YES
                }, headers)
        }
        return headers
    }

    private func answer(_ connection: OpaquePointer, _ answer: OutgoingResponse) -> MHD_Result {
        guard let response = workflows_http_response(answer.bytes, answer.bytes.count) else {
            return .NO
        }
        defer { MHD_destroy_response(response) }
        var fields = headers.merging(answer.headers) { _, own in own }
        fields["Content-Type"] = answer.contentType
        for (name, value) in fields { MHD_add_response_header(response, name, value) }
        return MHD_queue_response(connection, UInt32(answer.status), response)
    }
}
