import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A `workflowd` of one's own, for a demonstration or a measurement: in a temporary folder, on ipc
/// endpoints, with the outbox in place of every channel.
///
/// Where the program ends by `exit` before it was stopped, the service is ended, and the folder removed
/// unless it is to be kept.
public final class LocalService {
    /// Its folder; the data directory is `data` below it.
    public let folder: String
    /// Where its endpoints are: its folder, unless that has a longer name than a socket may have.
    private let place: String
    private let child = Child()

    /// What the task that waits for the child tells others.
    private final class Child: Sendable {
        enum State {
            case starting, running(pid_t), ended
        }

        let state = Mutex(State.starting)

        var process: pid_t? {
            guard case .running(let process) = state.withLock({ $0 }) else { return nil }
            return process
        }

        /// Asks it to end, and waits until it has, up to 20 s.
        func stop() {
            let limit = ContinuousClock.now + .seconds(20)
            var isAsked = false
            while ContinuousClock.now < limit {
                switch state.withLock({ $0 }) {
                case .starting: break
                case .running(let process):
                    if hasEnded(process) { return }
                    if !isAsked { kill(process, SIGTERM) }
                    isAsked = true
                case .ended: return
                }
                usleep(2_000)
            }
        }

        /// Asks the system: at the program's end nobody tells the task any more.
        private func hasEnded(_ process: pid_t) -> Bool {
            var information = siginfo_t()
            let found = waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG)
            return found != 0 || information.si_signo != 0
        }
    }

    /// Those that run, and what is to be removed behind them.
    private static let running = Mutex<[String: (child: Child, paths: [String])]>([:])

    /// Ends at the program's end what runs then.
    private static let cleaning: Void = {
        atexit {
            for (child, paths) in LocalService.running.withLock({ $0 }).values {
                child.stop()
                for path in paths { try? FileManager.default.removeItem(atPath: path) }
            }
        }
    }()

    /// Starts the `workflowd` that lies beside this program.
    ///
    /// On return it has been asked to start; a client's first command waits for it.
    ///
    /// - Parameters:
    ///   - arguments: what it gets besides its folder and its endpoints.
    ///   - keepsFolder: whether the folder stays also where the program ends before ``remove()``.
    /// - Throws: ``ClientError/noProgram(_:)``.
    public init(name: String, arguments: [String], keepsFolder: Bool = false) throws(ClientError) {
        let own = "\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        folder = NSTemporaryDirectory() + own
        // A socket's path is shorter than 108 bytes.
        place = folder.utf8.count < 95 ? folder : "/tmp/\(own)"
        let program = Self.program
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw .noProgram(program)
        }
        for path in [folder, place] {
            try? FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        Self.cleaning
        let paths = (keepsFolder ? [] : [folder]) + (place == folder ? [] : [place])
        Self.running.withLock { $0[folder] = (child, paths) }
        run(program, arguments)
    }

    /// The `workflowd` beside this program.
    private static var program: String {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent()
            .appendingPathComponent("workflowd").path
    }

    private func run(_ program: String, _ arguments: [String]) {
        let all =
            [
                "--data", "\(folder)/data", "--commands", commands, "--events", events,
                "--log-level", "warning",
            ]
            + arguments
        let child = child
        Task.detached {
            _ = try? await Subprocess.run(
                .path(FilePath(program)), arguments: Arguments(all), input: .none,
                output: .discarded,
                error: .currentStandardError
            ) { execution in
                child.state.withLock { $0 = .running(execution.processIdentifier.value) }
            }
            child.state.withLock { $0 = .ended }
        }
    }

    /// Where it takes commands.
    public var commands: String { "ipc://\(place)/commands" }
    /// Where it publishes events.
    public var events: String { "ipc://\(place)/events" }
    /// Its number, once it runs.
    public var process: Int32? { child.process }

    /// A client of it; on return the service answers.
    /// - Throws: ``ClientError``.
    public func client(timeout: Duration = .seconds(60)) throws(ClientError) -> CommandClient {
        let client = try CommandClient(endpoint: commands, timeout: timeout)
        try client.call("system.hello")
        return client
    }

    /// Ends it and waits until it has ended; its folder stays.
    public func stop() {
        child.stop()
        Self.running.withLock { $0[folder] = nil }
        if place != folder { try? FileManager.default.removeItem(atPath: place) }
    }

    /// Removes its folder.
    public func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
