import Foundation
import Logging
import ServiceManager
import Synchronization
import WorkflowModel
import WorkflowProtocol
import WorkflowStore
import ZeroMQ

/// The running service: one thread that owns sockets, store and channels, and goes round and round.
///
/// A turn polls, takes what has come in, commits it all at once, and lets replies, events and messages
/// leave. What comes in during one turn is the next: under load commits get larger, not more.
public final class Daemon: Sendable {
    private let configuration: Configuration
    private let log: Logger
    private let logThreshold: LogThreshold
    private let isStopping = Atomic(false)
    private let wakeUp: WakeUp

    /// A daemon that is not running yet.
    public init(_ configuration: Configuration, log: ServiceLog) throws {
        self.configuration = configuration
        self.log = log.logger
        logThreshold = log.threshold
        wakeUp = try WakeUp()
    }

    /// Lets ``run(started:)`` return after the turn at hand.
    ///
    /// Callable from any thread.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// Where a running daemon listens.
    public struct Endpoints: Sendable {
        /// Where commands are taken.
        public let commands: [String]
        /// Where events are published.
        public let events: [String]
        /// Those of both that ask for keys.
        public let guarded: [String]
        /// The service's public key in Z85, where one of them asks for keys.
        public let serverKey: String?
    }

    /// Runs on the calling thread until ``stop()``; `started` is called once everything is bound.
    ///
    /// The service manager that started the process, if one did, is told when the service is ready,
    /// that it is alive, and when it ends.
    /// On return the endpoints are closed, channels have ended, and the store is closed.
    /// - Throws: ``StartError`` where it cannot start.
    public func run(started: (Endpoints) -> Void) throws {
        guard ZoneCalendar.hasZoneData else { throw StartError.noZoneData }
        try checkEndpoints()
        let directory = try DataDirectory(configuration.dataDirectory)
        defer { directory.unlock() }
        let supervision = Supervision(
            ServiceManager(environment: ProcessInfo.processInfo.environment, process: getpid()))
        supervision.opens()
        directory.protectDatabase()
        let start = StoreStart(directory: directory, log: log) { [self] in isStopping(after: $0) }
        guard let store = try start.run({ try Store(path: directory.database) }),
            let stored = try start.run({ try startOfClock(store) })
        else { return }
        try noteNewSchema(store)
        let clock = ServiceClock(configuration.clock, start: stored)
        let wakeUp = wakeUp
        let channels = try locating {
            try ProcessChannels(
                configuration, directory: directory, clock: clock, log: log,
                wake: { wakeUp.signal() })
        }
        let keys = try directory.serverKeys()
        let opened = try start.run {
            try WorkflowService(
                store: store, clock: clock, gateway: channels, log: log,
                serverKey: keys.publicKey.text, logThreshold: logThreshold)
        }
        guard let service = opened else { return }
        try checkAdministration(service)
        let wires = try Wires(
            configuration, keys: keys, epoch: service.identity.epoch,
            channels: channels.channels.count, log: log)
        channels.start()
        started(wires.endpoints)
        supervision.isReady(wires.endpoints, log)
        var loop = DaemonLoop(
            service: service, clock: clock, channels: channels, wires: wires, wakeUp: wakeUp,
            supervision: supervision)
        while !isStopping.load(ordering: .acquiring) { try loop.turn() }
        supervision.ends()
        wires.closeCommands()
        channels.stop()
        try wires.publish(service.finish())
        wires.close()
        try store.close()
    }

    /// Says that an earlier version can open the database no more.
    private func noteNewSchema(_ store: Store) throws {
        guard let former = store.formerSchema else { return }
        let schema = try store.reading { try $0.schemaVersion() }
        log.notice(
            "The database was brought up to date; earlier versions cannot open it any more",
            metadata: ["from": "\(former)", "to": "\(schema)"])
    }

    /// Refuses endpoints at which nothing can listen, before anything is touched.
    private func checkEndpoints() throws(StartError) {
        let all = configuration.commandEndpoints + configuration.eventEndpoints
        for endpoint in all {
            if let fault = Endpoint.fault(endpoint.address) {
                throw .endpointInvalid(endpoint.address, reason: fault)
            }
        }
        if let address = Endpoint.doubled(in: all) {
            throw .endpointInvalid(
                address,
                reason: "it is named twice; commands and events need endpoints of their own")
        }
    }

    /// What `body` makes; what it finds wrong with the configuration is said with file and line.
    private func locating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as StartError {
            throw configuration.locating(error)
        }
    }

    /// Refuses to start where nobody could ever register a key.
    private func checkAdministration(_ service: WorkflowService) throws {
        guard configuration.commandEndpoints.allSatisfy(\.asksForKeys) else { return }
        guard try service.hasAdministratorKey() else {
            throw StartError.nobodyAdministers(configuration.dataDirectory)
        }
    }

    /// Waits for `pause` or for ``stop()``; whether it is to stop.
    private func isStopping(after pause: Duration) -> Bool {
        var items = [PollItem(.descriptor(wakeUp.descriptor), .readable)]
        _ = try? poll(&items, timeout: pause)
        return isStopping.load(ordering: .acquiring)
    }

    /// A clock that is not the machine's goes on where it was, so that it never goes back.
    private func startOfClock(_ store: Store) throws -> Instant? {
        guard configuration.clock != .system else { return nil }
        return try WorkflowService.storedClock(store) ?? configuration.clockStart
    }
}

/// One turn after the other.
private struct DaemonLoop {
    let service: WorkflowService
    let clock: ServiceClock
    let channels: ProcessChannels
    let wires: Wires
    let wakeUp: WakeUp
    var supervision: Supervision
    var lastHeartbeat: Duration = .zero

    mutating func turn() throws {
        try wait()
        channels.pump()
        let messages = try wires.receive(
            at: clock.elapsed, isRegistered: service.isRegistered)
        service.note(wires.connectionFacts(at: clock.elapsed))
        let output = service.turn(messages)
        channels.pump()
        wires.send(output.replies)
        try wires.publish(output.events, cutsSubscribers: output.keysChanged)
        if let last = output.events.last { service.wasPublished(upTo: last.seq) }
        try beat()
        supervision.turned(at: clock.elapsed)
    }

    private func wait() throws {
        var items = [PollItem(.descriptor(wakeUp.descriptor), .readable)]
        items += wires.pollItems
        items += channels.pollItems
        let beat = max(.zero, lastHeartbeat + .seconds(1) - clock.elapsed)
        _ = try poll(
            &items,
            timeout: min(
                service.nextTurn, beat, channels.nextPump, supervision.pause(at: clock.elapsed)))
        wakeUp.clear()
    }

    private mutating func beat() throws {
        guard clock.elapsed - lastHeartbeat >= .seconds(1) else { return }
        lastHeartbeat = clock.elapsed
        try wires.publish(heartbeat: service.heartbeat)
    }
}
