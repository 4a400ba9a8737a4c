import Foundation

extension Endpoint {
    /// Why nothing can listen at `address`, as far as its form tells; nil where something may.
    static func fault(_ address: String) -> String? {
        if address.hasPrefix("ipc://") {
            return address.count > 6 ? nil : "it names no file: ipc:///run/workflows/commands"
        }
        guard address.hasPrefix("tcp://") else {
            return address.contains("://")
                ? "it begins neither with tcp:// nor with ipc://"
                : "it has no transport; write "
                    + (address.hasPrefix("/") ? "ipc://\(address)" : "tcp://\(address)")
        }
        guard let colon = address.lastIndex(of: ":"), !address[colon...].hasPrefix("://"),
            !address.hasSuffix("]")
        else {
            return "it has no port; write \(address):7411"
        }
        let (host, port) = (address[..<colon].dropFirst(6), address[colon...].dropFirst())
        if host == "localhost" {
            return
                "a service listens at an address and not at a name; write tcp://127.0.0.1:\(port)"
        }
        guard port == "*" || UInt16(port) != nil else { return "its port is no number up to 65535" }
        return nil
    }

    /// The first address of `endpoints` at which another of them listens already.
    static func doubled(in endpoints: [Endpoint]) -> String? {
        for (index, one) in endpoints.enumerated()
        where endpoints[..<index].contains(where: { $0.takes(one.address) }) {
            return one.address
        }
        return nil
    }

    private func takes(_ other: String) -> Bool {
        let free = [":*", ":0"].contains { other.hasSuffix($0) }
        if address == other { return !free }
        if address.hasPrefix("ipc://"), other.hasPrefix("ipc://") {
            return Endpoint.path(address) == Endpoint.path(other)
        }
        guard !free, let mine = address.lastIndex(of: ":"), let its = other.lastIndex(of: ":"),
            address.hasPrefix("tcp://"), other.hasPrefix("tcp://")
        else { return false }
        return address[mine...] == other[its...]
            && [address[..<mine], other[..<its]].contains { Endpoint.everywhere.contains($0) }
    }

    /// The addresses that stand for all of this machine.
    private static let everywhere: Set<Substring> = ["tcp://*", "tcp://0.0.0.0", "tcp://[::]"]

    /// The file of an ipc address, however its path is spelled; links are not followed.
    private static func path(_ address: String) -> [String] {
        URL(fileURLWithPath: String(address.dropFirst("ipc://".count))).standardized.pathComponents
    }
}
