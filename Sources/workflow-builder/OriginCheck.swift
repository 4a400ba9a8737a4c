import HTTPListener

/// Lets in only what comes from the page itself.
///
/// A page of another site can make a browser send requests here. `Host` unmasks a foreign name that was
/// made to point at this machine (DNS rebinding); `Origin` and `Sec-Fetch-Site` unmask requests of
/// other pages; and a body of type JSON cannot be sent by a form, and across origins not at all without
/// a permission that is never given (Fetch Standard, section 4.8, CORS-preflight).
struct OriginCheck: Sendable {
    private let hosts: Set<String>

    /// Accepts the loopback names, and the address `host` that was listened at, with `port`.
    init(host: String, port: Int) {
        let names = ["127.0.0.1", "localhost", "[::1]", host]
        // Browsers leave out the usual port.
        hosts = Set(names.map { "\($0):\(port)" } + (port == 80 ? names : []))
    }

    /// Why any request is refused; nil where it is not.
    func refusal(of request: IncomingRequest) -> OutgoingResponse? {
        guard let host = request.headers["host"]?.lowercased(), hosts.contains(host) else {
            return .refusal(
                421, code: "wrong_host", "The page is not served under this name.",
                hint: "Open it at the address that workflow-builder printed.")
        }
        return nil
    }

    /// Why a command is refused; nil where it is not.
    func refusal(ofCommand request: IncomingRequest) -> OutgoingResponse? {
        guard request.method == "POST" else {
            return .refusal(405, code: "method", "Commands are posted.", headers: ["Allow": "POST"])
        }
        guard isOwn(request) else {
            return .refusal(403, code: "wrong_origin", "Commands are taken from the page alone.")
        }
        let type = request.headers["content-type"]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/json" else {
            return .refusal(415, code: "content_type", "A command is sent as application/json.")
        }
        return nil
    }

    private func isOwn(_ request: IncomingRequest) -> Bool {
        if let origin = request.headers["origin"]?.lowercased() {
            guard let host = request.headers["host"]?.lowercased(), origin == "http://\(host)"
            else { return false }
        }
        switch request.headers["sec-fetch-site"] {
        case nil, "same-origin", "none": return true
        default: return false
        }
    }
}
