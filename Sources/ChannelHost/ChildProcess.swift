import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// One running child with its three pipes, none of which ever blocks.
///
/// The library spawns and reaps; the pipes are ours, so that the loop can poll them.
final class ChildProcess {
    /// How a child ended.
    enum Ending: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
        case notStarted(String)

        var text: String {
            switch self {
            case .code(let code): "code \(code)"
            case .signal(let number): "signal \(number)"
            case .notStarted(let reason): "not started: \(reason)"
            }
        }
    }

    private(set) var input: Int32
    private(set) var output: Int32
    private(set) var errors: Int32
    private let state: Shared

    /// What the task that waits for the child tells the loop.
    private final class Shared: Sendable {
        struct Value {
            var process: Int32?
            var ending: Ending?
        }

        let value = Mutex(Value())
    }

    /// Starts `settings`' program in a process group of its own; `wake` is called when it has ended.
    init(_ settings: ChannelSettings, wake: @escaping @Sendable () -> Void) throws(Errno) {
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        (self.input, self.output, self.errors) = (input.write, output.read, errors.read)
        for descriptor in [input.write, output.read, errors.read] { makeNonBlocking(descriptor) }
        for descriptor in [input.write, output.read] { widen(descriptor) }
        let state = Shared()
        self.state = state
        let configuration = ChildProcess.configuration(settings)
        Task.detached {
            let ending: Ending
            do {
                let result = try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(
                        FileDescriptor(rawValue: input.read), closeAfterSpawningProcess: true),
                    output: .fileDescriptor(
                        FileDescriptor(rawValue: output.write), closeAfterSpawningProcess: true),
                    error: .fileDescriptor(
                        FileDescriptor(rawValue: errors.write), closeAfterSpawningProcess: true)
                ) { execution in
                    state.value.withLock { $0.process = execution.processIdentifier.value }
                }
                ending = Ending(result.terminationStatus)
            } catch {
                ending = .notStarted("\(error)")
            }
            state.value.withLock { $0.ending = ending }
            wake()
        }
    }

    private static func configuration(_ settings: ChannelSettings) -> Subprocess.Configuration {
        var options = PlatformOptions()
        options.processGroupID = 0
        let inherited = ProcessInfo.processInfo.environment
        var environment: [Environment.Key: String] = [:]
        for name in ["PATH", "LANG", "TZ", "HOME"] + settings.environment {
            if let key = Environment.Key(rawValue: name) { environment[key] = inherited[name] }
        }
        return Subprocess.Configuration(
            executable: .path(FilePath(settings.program)), arguments: Arguments(settings.arguments),
            environment: .custom(environment),
            workingDirectory: FilePath(settings.workingDirectory),
            platformOptions: options)
    }

    deinit {
        for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
    }

    /// The child's number, once it runs.
    var process: Int32? { state.value.withLock { $0.process } }

    /// How it ended, once it has.
    var ending: Ending? { state.value.withLock { $0.ending } }

    /// Ends the child's input: a request to end.
    func closeInput() {
        guard input >= 0 else { return }
        close(input)
        input = -1
    }

    /// Sends a signal to the child and all that it started.
    func signalGroup(_ number: Int32) {
        guard let process else { return }
        kill(-process, number)
    }

    /// Writes what the pipe takes of `bytes`.
    ///
    /// Returns how many it took, or nil where nobody reads any more.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard input >= 0 else { return nil }
        let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// What a pipe has.
    enum Reading {
        case bytes(Int)
        case nothing
        case end
    }

    /// Reads into `buffer` what `descriptor` has.
    static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Reading {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .nothing : .end
    }
}

extension ChildProcess.Ending {
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .code(Int32(code))
        case .signaled(let number): self = .signal(Int32(number))
        }
    }
}

/// A pipe whose ends are not inherited; the end that stays here does not block.
private struct Pipe {
    let read: Int32
    let write: Int32

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (read, write) = (ends[0], ends[1])
    }
}

/// Lets reads and writes at `descriptor` return at once.
///
/// The child's end of the pipe still blocks: the flag belongs to the open file, and the two ends
/// are two.
private func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

/// Lets the pipe at `descriptor` hold a whole window of messages, so that one write hands them over.
/// Where the system allows no more (`/proc/sys/fs/pipe-max-size`), it stays as it is.
private func widen(_ descriptor: Int32) {
    let setPipeSize: Int32 = 1_031  // F_SETPIPE_SZ, which the module map leaves out
    _ = fcntl(descriptor, setPipeSize, 1 << 20)
}
