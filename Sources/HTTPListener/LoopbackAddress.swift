import Glibc

/// An address and a port of this machine that no other can reach, such as `127.0.0.1:8085`.
public struct LoopbackAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    let octets: [UInt8]
    let port: UInt16

    /// Reads `127.0.0.1:8085`, `[::1]:8085` or `localhost:8085`; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        switch text[..<colon] {
        case "localhost": octets = [127, 0, 0, 1]
        case "[::1]": octets = [UInt8](repeating: 0, count: 15) + [1]
        default:
            let parts = text[..<colon].split(separator: ".", omittingEmptySubsequences: false)
            let octets = parts.compactMap { UInt8($0) }
            guard parts.count == 4, octets.count == 4, octets[0] == 127 else { return nil }
            self.octets = octets
        }
        self.port = port
        description = text
    }

    /// The part before the port, as a URL has it.
    public var host: String {
        String(description[..<(description.lastIndex(of: ":") ?? description.endIndex)])
    }

    func withSocketAddress<Value>(_ body: (UnsafePointer<sockaddr>) -> Value) -> Value {
        octets.count == 4 ? withIPv4(body) : withIPv6(body)
    }

    private func withIPv4<Value>(_ body: (UnsafePointer<sockaddr>) -> Value) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: octets) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    private func withIPv6<Value>(_ body: (UnsafePointer<sockaddr>) -> Value) -> Value {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: octets) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
