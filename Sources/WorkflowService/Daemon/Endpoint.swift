import ZeroMQ

/// Where a socket listens, and whether it asks its clients for keys.
public struct Endpoint: Hashable, Sendable {
    /// The address as ZeroMQ writes it: `tcp://127.0.0.1:7411`, `ipc:///run/workflows/commands`.
    public let address: String
    /// Whether only registered keys are let in, over CURVE.
    public let asksForKeys: Bool

    /// The endpoint at `address`, which asks for keys where other machines can reach it.
    public init(_ address: String) {
        self.init(address, asksForKeys: false)
    }

    /// The endpoint at `address`, which asks for keys where `asksForKeys` or other machines can reach
    /// it.
    public init(_ address: String, asksForKeys: Bool) {
        self.address = address
        self.asksForKeys = asksForKeys || !Endpoint.isLocal(address)
    }

    /// Whether only this machine can reach `address`.
    static func isLocal(_ address: String) -> Bool {
        if address.hasPrefix("ipc://") { return true }
        let hosts = ["127.0.0.1:", "localhost:", "[::1]:", "lo:"]
        return hosts.contains { address.hasPrefix("tcp://\($0)") }
    }

    /// libzmq's words, but for those that point the wrong way.
    private static func words(_ error: ZeroMQError) -> String {
        error.addressNotAvailable
            ? "this machine has no such address and no such network interface; write one that it has, such as 127.0.0.1"
            : error.reason
    }

    /// Binds `socket` here.
    /// - Returns: the address with the real port.
    func bind(_ socket: Socket) throws(StartError) -> String {
        do {
            try socket.bind(address)
            return socket.lastEndpoint
        } catch {
            if error.addressInUse { throw .endpointTaken(address) }
            throw .endpointInvalid(address, reason: Endpoint.words(error))
        }
    }
}
