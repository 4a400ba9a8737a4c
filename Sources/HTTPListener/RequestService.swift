import CMicroHTTPD
import Glibc

/// What the server's threads call.
final class RequestService: Sendable {
    let limits: HTTPListener.Limits
    let headers: [String: String]
    let handler: @Sendable (IncomingRequest) -> OutgoingResponse
    let connections: ConnectionWatch

    init(
        limits: HTTPListener.Limits, headers: [String: String],
        handler: @escaping @Sendable (IncomingRequest) -> OutgoingResponse
    ) {
        self.limits = limits
        self.headers = headers
        self.handler = handler
        connections = ConnectionWatch(limits)
    }

    /// A request of which more may come.
    final class Partial {
        let target: String
        var head: RequestHead?
        var body: [UInt8] = []
        init(target: String) { self.target = target }
    }

    static let notice: MHD_NotifyConnectionCallback = { context, connection, _, what in
        guard let context, let connection else { return }
        let descriptor = workflows_http_descriptor(connection)
        let connections = of(context).connections
        what == .CONNECTION_NOTIFY_STARTED
            ? connections.open(descriptor) : connections.close(descriptor)
    }

    static let begin: workflows_http_begin = { context, target, connection in
        if let context, let connection {
            of(context).connections.enter(.reading, workflows_http_descriptor(connection))
        }
        let partial = Partial(target: target.map { String(cString: $0) } ?? "/")
        return Unmanaged.passRetained(partial).toOpaque()
    }

    static let complete: MHD_RequestCompletedCallback = { context, connection, request, _ in
        if let context, let connection {
            of(context).connections.enter(.idle, workflows_http_descriptor(connection))
        }
        guard let partial = request?.pointee else { return }
        Unmanaged<Partial>.fromOpaque(partial).release()
        request?.pointee = nil
    }

    static let take: MHD_AccessHandlerCallback = {
        context, connection, _, method, version, bytes, count, request in
        guard let context, let connection, let partial = request?.pointee, let count else {
            return .NO
        }
        return of(context).take(
            connection, method.map { String(cString: $0) } ?? "",
            version.map { String(cString: $0) } ?? "",
            Unmanaged<Partial>.fromOpaque(partial).takeUnretainedValue(),
            UnsafeBufferPointer(start: bytes, count: count.pointee), count)
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> RequestService {
        Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    /// Called with the head, with each piece of the body, and at the end.
    private func take(
        _ connection: OpaquePointer, _ method: String, _ version: String, _ partial: Partial,
        _ piece: UnsafeBufferPointer<CChar>, _ taken: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        guard let head = partial.head else {
            let head = RequestHead(
                target: partial.target, version: version, fields: fields(connection))
            partial.head = head
            return refusal(of: head).map { answer(connection, $0) } ?? .YES
        }
        guard piece.isEmpty else {
            // A body of unknown length can only be cut off.
            guard partial.body.count + piece.count <= limits.body else { return .NO }
            partial.body += piece.map { UInt8(bitPattern: $0) }
            taken.pointee = 0
            return .YES
        }
        let descriptor = workflows_http_descriptor(connection)
        let request = IncomingRequest(
            method: method, target: head.target, headers: head.fields, body: partial.body,
            isAwaited: { isOpen(descriptor) })
        connections.enter(.handling, descriptor)
        let response = handler(request)
        connections.enter(.answering, descriptor)
        return answer(connection, response)
    }

    private func refusal(of head: RequestHead) -> OutgoingResponse? {
        if let fault = head.fault {
            return OutgoingResponse(
                400, contentType: "text/plain; charset=utf-8", headers: ["Connection": "close"],
                body: "\(fault)\n")
        }
        // A number that is too large for this is too large for a body.
        let length = head.fields["content-length"].map { Int($0) ?? .max } ?? 0
        return length > limits.body ? OutgoingResponse(413) : nil
    }

    private func fields(_ connection: OpaquePointer) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &fields) { fields in
            _ = MHD_get_connection_values(
                connection, .HEADER_KIND,
                { context, _, name, value in
                    guard let context, let name else { return .YES }
                    let fields = context.assumingMemoryBound(
                        to: [(name: String, value: String)].self)
                    fields.pointee.append(
                        (String(cString: name), value.map { String(cString: $0) } ?? ""))
                    return .YES
                }, fields)
        }
        return fields
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

/// Whether the client of an open connection has not gone, as far as is known.
private func isOpen(_ descriptor: Int32) -> Bool {
    let closedByPeer: Int16 = 0x2000  // POLLRDHUP, which the module map leaves out
    var item = pollfd(fd: descriptor, events: closedByPeer, revents: 0)
    return poll(&item, 1, 0) <= 0
}
