/// The request line and the header fields of a request, as the server took them apart.
struct RequestHead {
    /// The fields by their names in lower case; the values of one that is repeated as one list.
    private(set) var fields: [String: String] = [:]
    /// The path and the query.
    private(set) var target: String
    /// What is wrong with it, for people; such a request is refused whole, since the next in line may
    /// understand it otherwise (RFC 9112, sections 3.2, 5.1, 6.1 and 6.3).
    private(set) var fault: String?

    /// Fields that two parties would understand differently where they are repeated.
    private static let single: Set = [
        "host", "content-length", "transfer-encoding", "content-type", "origin", "sec-fetch-site",
    ]

    init(target: String, version: String, fields lines: [(name: String, value: String)]) {
        self.target = target
        for line in lines { add(line.name.lowercased(), line.value) }
        resolveTarget()
        judgeBody(version)
    }

    private mutating func add(_ name: String, _ value: String) {
        let value = value.trimming { $0 == " " || $0 == "\t" }
        if name.isEmpty || !name.utf8.allSatisfy(Self.isTokenByte) {
            fault = "A header field has a name with a blank or another sign that names have not."
        }
        if name == "host", value.contains(where: { $0 == "," || $0 == " " || $0 == "\t" }) {
            fault = "Host names no host."
        }
        if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            fault = "A header field holds a control character."
        }
        guard let first = fields[name] else { return fields[name] = value }
        if Self.single.contains(name) { fault = "A header field that may stand once is repeated." }
        fields[name] = "\(first), \(value)"
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// The absolute form names its host itself, in place of the field (RFC 9112, section 3.2.2).
    private mutating func resolveTarget() {
        if target.hasPrefix("/") || target == "*" { return }
        guard target.lowercased().hasPrefix("http://") else {
            return fault = "The target of the request is no path."
        }
        let rest = target.dropFirst("http://".count)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        fields["host"] = String(host)
        let path = rest.dropFirst(host.count)
        target = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    private mutating func judgeBody(_ version: String) {
        let length = fields["content-length"]
        if let length, length.isEmpty || !length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            fault = "Content-Length is no number."
        }
        guard let encoding = fields["transfer-encoding"] else { return }
        if length != nil { fault = "Content-Length and Transfer-Encoding exclude each other." }
        if encoding.lowercased() != "chunked" || version == "HTTP/1.0" {
            fault = "A body is sent with Content-Length, or chunked."
        }
    }
}

extension String {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> String {
        String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
