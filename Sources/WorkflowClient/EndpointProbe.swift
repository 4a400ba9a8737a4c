import Foundation

/// Asks the operating system whether anybody listens at an endpoint.
///
/// ZeroMQ connects in the background and waits for a listener to appear; a person at a terminal wants to
/// be told at once that there is none.
public enum EndpointProbe {
    /// Refuses an endpoint at which certainly nobody listens.
    ///
    /// Endpoints that cannot be asked so, such as a host whose name is not known, pass.
    /// - Throws: ``ClientError/nobody(_:)``.
    public static func check(_ endpoint: String) throws(ClientError) {
        let isDeaf =
            if let path = endpoint.suffix(after: "ipc://") {
                refuses(path: path)
            } else if let address = endpoint.suffix(after: "tcp://") {
                refuses(address: address)
            } else {
                false
            }
        if isDeaf { throw .nobody(endpoint) }
    }

    private static func refuses(path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard path.utf8.count <= room, !path.hasPrefix("@") else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                refuses(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func refuses(address: String) -> Bool {
        guard let colon = address.lastIndex(of: ":") else { return false }
        let host = address[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(address[colon...].dropFirst()), &hints, &found) == 0 else {
            return false
        }
        defer { freeaddrinfo(found) }
        var next = found
        while let entry = next?.pointee {
            if !refuses(entry.ai_family, entry.ai_addr, entry.ai_addrlen) { return false }
            next = entry.ai_next
        }
        return true
    }

    private static func refuses(
        _ family: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
    ) -> Bool {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // A filtered address would be waited for; whether it listens is for ZeroMQ to find out.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connect(descriptor, address, length) != 0 else { return false }
        return errno == ECONNREFUSED || errno == ENOENT
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
