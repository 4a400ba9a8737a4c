import Foundation
import Glibc
import Subprocess
import SystemPackage

/// One running child with its three pipes, none of which ever blocks.
///
/// The library spawns and reaps; the pipes are ours, so that the loop can poll them.
package final class ChildProcess {
    /// How a child ended.
    package enum Ending: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
        case notStarted(String)

        package var text: String {
            switch self {
            case .code(let code): "code \(code)"
            case .signal(let number): "signal \(number)"
            case .notStarted(let reason): "not started: \(reason)"
            }
        }

        /// The same as a sentence about the child, without its stop.
        package var sentence: String {
            if case .notStarted(let reason) = self { return "It was not started: \(reason)" }
            return "It ended with \(text)"
        }
    }

    package private(set) var input: Int32
    package private(set) var output: Int32
    package private(set) var errors: Int32
    private let watch: ChildWatch

    /// Starts `settings`' program in a process group of its own; `wake` is called when it has ended.
    ///
    /// With `endsGroup` false, what the child started lives on behind it, and the caller is to end it.
    package init(
        _ settings: ChannelSettings, endsGroup: Bool = true, wake: @escaping @Sendable () -> Void
    ) throws(Errno) {
        watch = ChildWatch(name: settings.name, endsGroup: endsGroup)
        let pipes = try Pipes()
        (input, output, errors) = (pipes.input.write, pipes.output.read, pipes.errors.read)
        for descriptor in [input, output, errors] { makeNonBlocking(descriptor) }
        for descriptor in [input, output] { widen(descriptor) }
        let configuration = ChildProcess.configuration(settings, watch.mark)
        let watch = watch
        Task.detached(executorPreference: ChildExecutor.shared) {
            let ending = await ChildProcess.run(configuration, pipes, watch, wake)
                .explained(settings)
            watch.ended(ending)
            wake()
        }
    }

    private static func run(
        _ configuration: Subprocess.Configuration, _ pipes: Pipes, _ watch: ChildWatch,
        _ wake: @escaping @Sendable () -> Void
    ) async -> Ending {
        do {
            let result = try await Subprocess.run(
                configuration,
                input: .fileDescriptor(pipes.input.childReads, closeAfterSpawningProcess: true),
                output: .fileDescriptor(pipes.output.childWrites, closeAfterSpawningProcess: true),
                error: .fileDescriptor(pipes.errors.childWrites, closeAfterSpawningProcess: true)
            ) { execution in
                let process = execution.processIdentifier
                await watch.stay(with: process.value, descriptor: process.processDescriptor)
                wake()
            }
            return Ending(result.terminationStatus)
        } catch {
            return .notStarted("\(error)")
        }
    }

    private static func configuration(_ settings: ChannelSettings, _ mark: String)
        -> Subprocess.Configuration
    {
        var options = PlatformOptions()
        options.processGroupID = 0
        let inherited = ProcessInfo.processInfo.environment
        var environment: [Environment.Key: String] = [:]
        for name in ["PATH", "LANG", "TZ", "HOME"] + settings.environment {
            if let key = Environment.Key(rawValue: name) { environment[key] = inherited[name] }
        }
        if let key = Environment.Key(rawValue: Descendants.variable) { environment[key] = mark }
        return Subprocess.Configuration(
            executable: .path(FilePath(settings.program)), arguments: Arguments(settings.arguments),
            environment: .custom(environment),
            workingDirectory: FilePath(settings.workingDirectory),
            platformOptions: options)
    }

    deinit {
        for descriptor in [input, output, errors] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// The child's number, once it runs.
    package var process: Int32? { watch.process }

    /// By which ``Descendants`` finds what it started.
    package var mark: String { watch.mark }

    /// How it ended, once it has.
    package var ending: Ending? { watch.ending }

    /// Ends the child's input: a request to end.
    package func closeInput() { ChildProcess.close(&input) }

    /// Lets go of an output that has ended; it would be ready for reading for ever.
    package func closeOutput() { ChildProcess.close(&output) }

    /// Lets go of the error text once that has ended.
    package func closeErrors() { ChildProcess.close(&errors) }

    private static func close(_ descriptor: inout Int32) {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Sends a signal to the child and all that it started, unless it has ended.
    package func signalGroup(_ number: Int32) { watch.signalGroup(number) }

    /// Writes what the pipe takes of `bytes`.
    ///
    /// Returns how many it took, or nil where nobody reads any more.
    package func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard input >= 0 else { return nil }
        let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// What a pipe has.
    package enum Reading {
        case bytes(Int)
        case nothing
        case end
    }

    /// Reads into `buffer` what `descriptor` has.
    package static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Reading {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .nothing : .end
    }
}

extension ChildProcess.Ending {
    /// The same with a reason for people, where it was not started; a sentence's end without its stop.
    fileprivate func explained(_ settings: ChannelSettings) -> Self {
        guard case .notStarted(let words) = self else { return self }
        let folder = settings.workingDirectory
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        let reason =
            isThere && isFolder.boolValue
            ? ProgramFile.fault(ofStarted: settings.program) ?? words
            : "Its working folder \(folder) is \(isThere ? "no folder" : "not there")."
        return .notStarted(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
    }

    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .code(Int32(code))
        case .signaled(let number): self = .signal(Int32(number))
        }
    }
}

/// The three pipes of a child: all or none.
private struct Pipes {
    let input: Pipe
    let output: Pipe
    let errors: Pipe

    init() throws(Errno) {
        input = try Pipe()
        do throws(Errno) {
            output = try Pipe()
        } catch {
            input.close()
            throw error
        }
        do throws(Errno) {
            errors = try Pipe()
        } catch {
            input.close()
            output.close()
            throw error
        }
    }
}

/// A pipe whose ends are not inherited.
private struct Pipe {
    let read: Int32
    let write: Int32

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (read, write) = (ends[0], ends[1])
    }

    var childReads: FileDescriptor { FileDescriptor(rawValue: read) }
    var childWrites: FileDescriptor { FileDescriptor(rawValue: write) }

    func close() {
        Glibc.close(read)
        Glibc.close(write)
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
///
/// Where the system allows no more (`/proc/sys/fs/pipe-max-size`), it stays as it is.
private func widen(_ descriptor: Int32) {
    let setPipeSize: Int32 = 1_031  // F_SETPIPE_SZ, which the module map leaves out
    _ = fcntl(descriptor, setPipeSize, 1 << 20)
}
