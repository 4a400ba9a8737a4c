import CCurl

/// A request over HTTP or HTTPS.
public struct HTTPRequest: Sendable {
    /// The method, such as `POST`.
    public var method: String
    /// The absolute address; its query already encoded.
    public var url: String
    /// Header fields; none of their values may hold a line end.
    public var headers: [(name: String, value: String)]
    /// What is sent; nil for none.
    public var body: [UInt8]?
    /// Sent with the first request already (RFC 7617), so that a body goes once.
    public var credentials: Credentials?
    /// For the whole request, from connecting to the last byte.
    public var timeout: Duration
    /// Which certificates are trusted.
    public var trust: TransportTrust
    /// Whether the same request may go twice: then one whose kept connection turns out dead is sent again.
    public var isIdempotent: Bool

    /// A request of the given parts.
    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil, credentials: Credentials? = nil, timeout: Duration = .seconds(20),
        trust: TransportTrust = TransportTrust(), isIdempotent: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.credentials = credentials
        self.timeout = timeout
        self.trust = trust
        self.isIdempotent = isIdempotent
    }
}

/// An answer over HTTP.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields in order, names in lower case.
    public var headers: [(name: String, value: String)]
    /// The body, up to 8 MiB.
    public var body: [UInt8]

    /// The first value of header field `name`, which is given in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension Transfer {
    /// Sends `request`, and returns whatever the server answers, errors of its own too.
    ///
    /// Redirects are not followed.
    /// - Parameter onUpload: called once right before the first byte of the body leaves. Where it
    ///   throws, nothing of the body leaves, and the failure's reason is that error's description.
    /// - Throws: ``TransferFailure`` where no whole answer came.
    public func http(_ request: HTTPRequest, onUpload: (() throws -> Void)? = nil)
        throws(TransferFailure) -> HTTPResponse
    {
        reset(request.url, timeout: request.timeout, trust: request.trust)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        if let credentials = request.credentials { login(credentials) }
        // The server is not asked first whether it wants the body: many never answer that.
        let fields = TextList(request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"])
        set(CURLOPT_HTTPHEADER, fields)
        if let body = request.body { upload(body, isIdempotent: request.isIdempotent, onUpload) }
        let status = try perform(lists: [fields])
        return HTTPResponse(
            status: status, headers: HTTPResponse.fields(state.headers), body: state.received)
    }

    private func login(_ credentials: Credentials) {
        set(CURLOPT_HTTPAUTH, 1)  // CURLAUTH_BASIC, a cast that Swift does not import
        set(CURLOPT_USERNAME, credentials.user)
        set(CURLOPT_PASSWORD, credentials.password)
    }

    private func upload(_ body: [UInt8], isIdempotent: Bool, _ onUpload: (() throws -> Void)?) {
        set(CURLOPT_UPLOAD, 1)
        // Without the means to go back, libcurl cannot send a body again by itself.
        if isIdempotent { allowRewinding() }
        set(CURLOPT_INFILESIZE_LARGE, size: body.count)
        state.whole = body
        state.body = body[...]
        state.onUpload = onUpload
    }
}

extension HTTPResponse {
    /// The fields of the last response: those of interim ones stand before a further status line.
    fileprivate static func fields(_ lines: [String]) -> [(name: String, value: String)] {
        let start = lines.lastIndex { $0.hasPrefix("HTTP/") } ?? 0
        return lines[start...].compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
            return (line[..<colon].lowercased(), String(value))
        }
    }
}
