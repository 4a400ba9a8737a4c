import CAcceptLimit
import Foundation
import Logging
import ServiceHealth
import ZeroMQ

/// Keeps the connections of all sockets below what the process may have open, so that there are always
/// descriptors left for channels and files, and connections for those who want something.
final class ConnectionLimit {
    private var table = ConnectionTable()
    private let limit: Int
    private let log: Logger
    private var cut = 0
    /// What was refused when it was last looked at.
    private var refused = 0
    private var lastShortage: Duration?
    /// When it is looked again who could go, where nobody could.
    private var nextSearch = Duration.zero
    private var lastWarning: Duration?

    /// What libraries open when they are first used, and what opening a file takes for a moment.
    private static let ownDescriptors = 24
    /// Pipes and what else a running channel holds.
    private static let perChannel = 4
    /// What starting a channel takes for a moment, before what its predecessor held is free.
    private static let perStart = 12
    private static let searchPause = Duration.milliseconds(500)
    private static let warningPause = Duration.seconds(10)

    /// A limit for a process that runs `channels` channels besides, none of which is started yet.
    init(channels: Int, log: Logger) {
        self.log = log
        let all = ConnectionLimit.allowedDescriptors
        let own = ProcessUse.descriptors + Self.ownDescriptors + Self.perChannel * channels
        let room = max(2, all - own)
        limit = room - min(room / 2, Self.perStart * channels + Self.ownDescriptors)
        accept_limit_set(Int32(clamping: own + limit))
    }

    private static var allowedDescriptors: Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: min(limit.rlim_cur, 1 << 30))
    }

    /// What happened to the connections of `owner` until now.
    func take(_ monitor: SocketMonitor, of owner: ConnectionTable.Owner, at now: Duration)
        throws(ZeroMQError)
    {
        while let event = try monitor.next() {
            switch event {
            case .accepted(let descriptor):
                table.open(descriptor, owner, name: Self.name(descriptor), at: now)
            case .disconnected(let descriptor): table.close(descriptor)
            default: break
            }
        }
    }

    func closeAll(of owner: ConnectionTable.Owner) { table.closeAll(of: owner) }

    func noteCommand(over descriptor: Int32, at now: Duration) {
        table.noteCommand(over: descriptor, at: now)
    }

    /// Cuts connections that nobody uses where there are too many.
    func makeRoom(at now: Duration) {
        let refused = Int(accept_limit_refused())
        defer { self.refused = refused }
        guard refused > self.refused || table.connections.count >= limit else { return }
        lastShortage = now
        guard now >= nextSearch else { return }
        let surplus = table.surplus(limit: limit, at: now)
        if surplus.isEmpty { nextSearch = now + Self.searchPause }
        for descriptor in surplus {
            end(descriptor)
            table.close(descriptor)
            cut += 1
        }
        warn(at: now)
    }

    /// Ends the connection of `descriptor`, which libzmq then closes, unless that has happened already and
    /// the number is somebody else's.
    private func end(_ descriptor: Int32) {
        guard Self.name(descriptor) == table.connections[descriptor]?.name else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// `SO_COOKIE`, which no other socket ever has; zero for what is no socket.
    private static func name(_ descriptor: Int32) -> UInt64 {
        var name: UInt64 = 0
        var length = socklen_t(MemoryLayout<UInt64>.size)
        let result = getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &name, &length)
        return result == 0 ? name : 0
    }

    private func warn(at now: Duration) {
        if let lastWarning, now - lastWarning < Self.warningPause { return }
        lastWarning = now
        log.warning(
            "Connections were refused or cut: the limit of open files allows no more",
            metadata: ["limit": "\(limit)", "connections": "\(Int(accept_limit_refused()) + cut)"])
    }

    func facts(at now: Duration) -> ConnectionFacts {
        var facts = ConnectionFacts()
        facts.commands = table.count(.commands)
        facts.events = table.count(.events)
        facts.limit = limit
        facts.refused = Int(accept_limit_refused()) + cut
        facts.lastShortage = lastShortage.map { now - $0 }
        return facts
    }
}
