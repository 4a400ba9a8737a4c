import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A `workflowd` of one's own, for a demonstration or a measurement: in a temporary folder, on ipc
/// endpoints, with the outbox in place of every channel.
public final class LocalService {
    /// Its folder; the data directory is `data` below it.
    public let folder: String
    private let child = Child()

    /// What the task that waits for the child tells others.
    private final class Child: Sendable {
        let number = Mutex<Int32?>(nil)
        let ended = DispatchSemaphore(value: 0)
    }

    /// Starts the `workflowd` that lies beside this program.
    ///
    /// On return it has been asked to start; a client's first command waits for it.
    ///
    /// - Parameter arguments: what it gets besides its folder and its endpoints.
    /// - Throws: ``ClientError/noProgram(_:)``.
    public init(name: String, arguments: [String]) throws(ClientError) {
        folder = NSTemporaryDirectory() + "\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let program = URL(fileURLWithPath: own).deletingLastPathComponent()
            .appendingPathComponent("workflowd").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw .noProgram(program)
        }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        run(program, arguments)
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
                child.number.withLock { $0 = execution.processIdentifier.value }
            }
            child.ended.signal()
        }
    }

    /// Where it takes commands.
    public var commands: String { "ipc://\(folder)/commands" }
    /// Where it publishes events.
    public var events: String { "ipc://\(folder)/events" }
    /// Its number, once it runs.
    public var process: Int32? { child.number.withLock { $0 } }

    /// A client of it; on return the service answers.
    /// - Throws: ``ClientError``.
    public func client(timeout: Duration = .seconds(60)) throws(ClientError) -> CommandClient {
        let client = try CommandClient(endpoint: commands, timeout: timeout)
        try client.call("system.hello")
        return client
    }

    /// Ends it and waits until it has ended; its folder stays.
    public func stop() {
        if let process { kill(process, SIGTERM) }
        _ = child.ended.wait(timeout: .now() + 20)
    }

    /// Removes its folder.
    public func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
