import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A `workflowd` of its own for a demonstration: in a temporary folder, on a fast clock, with the outbox in
/// place of every channel.
final class DemoService {
    let folder: String
    private let process: Child

    /// Holds the child's number for the thread that ends it.
    private final class Child: Sendable {
        let number = Mutex<Int32?>(nil)
        let ended = DispatchSemaphore(value: 0)
    }

    /// Starts the `workflowd` that lies beside this program.
    init(speed: Int) throws(Failure) {
        folder = NSTemporaryDirectory() + "workflows-demo-\(getpid())"
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let program = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(
            "workflowd"
        ).path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(
                "workflowd does not lie beside workflowctl. Build it with: swift build",
                exitCode: 72)
        }
        let arguments = [
            "--data", folder, "--commands", "ipc://\(folder)/commands", "--events",
            "ipc://\(folder)/events",
            "--clock", "\(speed)x", "--clock-start", "2026-03-02T14:30:00Z", "--log-level",
            "warning",
        ]
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let process = Child()
        self.process = process
        Task.detached {
            _ = try? await Subprocess.run(
                .path(FilePath(program)), arguments: Arguments(arguments), input: .none,
                output: .discarded,
                error: .currentStandardError
            ) { execution in
                process.number.withLock { $0 = execution.processIdentifier.value }
            }
            process.ended.signal()
        }
    }

    /// A client of it; on return it answers.
    func client() throws(Failure) -> CommandClient {
        let client = try CommandClient(endpoint: "ipc://\(folder)/commands", timeout: .seconds(15))
        try client.call("system.hello")
        return client
    }

    /// Ends it and waits until it has ended; its folder stays, for a look at the outbox.
    func stop() {
        if let number = process.number.withLock({ $0 }) { kill(number, SIGTERM) }
        _ = process.ended.wait(timeout: .now() + 10)
    }
}
