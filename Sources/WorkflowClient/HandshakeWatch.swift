import ZeroMQ

/// Tells why a connection is not made; libzmq itself just goes on trying in silence.
final class HandshakeWatch {
    private let monitor: SocketMonitor
    private let hasKeys: Bool
    private var isConnected = false
    private var broken = 0

    /// A service that is being restarted may break off one handshake, but not so many in a row.
    private static let limit = 4

    /// Watches `socket`, which is not connected yet.
    init(_ socket: Socket, hasKeys: Bool) throws(ZeroMQError) {
        monitor = try SocketMonitor(socket, .handshakes)
        self.hasKeys = hasKeys
    }

    /// Ends the watch.
    func close() { monitor.close() }

    /// What to poll: readable when something has happened.
    var pollItem: PollItem { monitor.pollItem }

    /// Why no reply will ever come, as far as is known by now; nil where one may.
    func failure() throws(ZeroMQError) -> HandshakeFailure? {
        while let event = try monitor.next() {
            switch event {
            case .handshakeSucceeded: (isConnected, broken) = (true, 0)
            case .handshakeRefused(status: 400): return .notRegistered
            case .handshakeRefused: return .notChecked
            case .mechanismDiffers: return hasKeys ? .keysUnwanted : .keysMissing
            case .handshakeBroken: (isConnected, broken) = (false, broken + 1)
            case .listenerClosed, .accepted, .disconnected: break
            }
        }
        return broken >= HandshakeWatch.limit ? .brokenOff(hadKeys: hasKeys) : nil
    }

    /// What silence until the end of the time means; nil where it has nothing to do with keys.
    var silence: HandshakeFailure? {
        if broken > 0 { return .brokenOff(hadKeys: hasKeys) }
        return hasKeys && !isConnected ? .silence : nil
    }
}
