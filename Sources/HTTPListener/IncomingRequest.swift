/// A request that came in whole.
public struct IncomingRequest: Sendable {
    /// The method, such as `POST`.
    public let method: String
    /// The path and the query as the client wrote them.
    public let target: String
    /// The header fields, names in lower case; the values of a repeated one as one list.
    public let headers: [String: String]
    /// The body.
    public let body: [UInt8]
    /// Whether its client still waits for the response; to be asked by a handler that waits itself.
    public let isAwaited: @Sendable () -> Bool

    /// A request of the given parts.
    public init(
        method: String, target: String, headers: [String: String], body: [UInt8],
        isAwaited: @escaping @Sendable () -> Bool = { true }
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.isAwaited = isAwaited
    }

    /// The path as the client wrote it.
    public var path: Substring { target.prefix { $0 != "?" } }

    /// The fields of the query.
    public var query: FormFields { FormFields(target.dropFirst(path.count + 1)) }

    /// The fields of a body that is `application/x-www-form-urlencoded`; none of any other.
    public var form: FormFields {
        let type = headers["content-type"]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" else { return FormFields("") }
        return FormFields(String(decoding: body, as: UTF8.self))
    }
}

/// What is answered.
public struct OutgoingResponse: Hashable, Sendable {
    /// The status code.
    public let status: Int
    /// What the body is; nil where there is none.
    public let contentType: String?
    /// The header fields besides; values hold no line breaks.
    public let headers: [String: String]
    /// The body.
    public let bytes: [UInt8]

    /// A response with a text, or with none.
    public init(
        _ status: Int, contentType: String? = nil, headers: [String: String] = [:],
        body: String = ""
    ) {
        self.init(status, contentType: contentType, headers: headers, bytes: Array(body.utf8))
    }

    /// A response with a body of any bytes.
    public init(
        _ status: Int, contentType: String?, headers: [String: String] = [:], bytes: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.bytes = bytes
    }
}
