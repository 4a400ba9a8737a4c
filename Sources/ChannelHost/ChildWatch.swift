import Dispatch
import Glibc
import Synchronization

/// What the task that stays with a child shares with the loop: the child's number, and how it ended.
///
/// The child's end is told before it is reaped. Until then its number belongs to nobody else, so that
/// signals reach the right process group, and no other, at any moment.
final class ChildWatch: Sendable {
    private struct State {
        var process: Int32?
        /// A signal that came before the number was known; the child may have answered by then.
        var early: Int32?
        var ending: ChildProcess.Ending?
    }

    private let state = Mutex(State())
    private let endsGroup: Bool
    /// By which what the child started is known, wherever it went.
    let mark: String

    /// For a child of the channel `name`; with `endsGroup`, whatever it started is ended with it.
    init(name: String, endsGroup: Bool) {
        self.endsGroup = endsGroup
        mark = "\(name)-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }

    /// The child's number, once it runs.
    var process: Int32? { state.withLock { $0.process } }

    /// How it ended, once it has.
    var ending: ChildProcess.Ending? { state.withLock { $0.ending } }

    /// Sends a signal to the child and all that it started, unless it has ended.
    func signalGroup(_ number: Int32) {
        state.withLock { state in
            guard state.ending == nil else { return }
            guard let process = state.process else { return state.early = number }
            kill(-process, number)
        }
    }

    /// Waits until `process` has ended, ends what it started where asked to, and tells how it ended.
    ///
    /// - Parameter descriptor: its pidfd, readable once it has ended; below 0 where the system has
    ///   none, and then this returns at once and ``ended(_:)`` is to tell.
    func stay(with process: Int32, descriptor: Int32) async {
        state.withLock { state in
            state.process = process
            if let early = state.early { kill(-process, early) }
        }
        guard descriptor >= 0 else { return }
        await ChildWatch.waitUntilReadable(descriptor)
        let ending = ChildWatch.ending(of: process)
        if endsGroup {
            state.withLock { _ in _ = kill(-process, SIGKILL) }
            Descendants.end(marked: mark)
        }
        state.withLock { $0.ending = ending }
    }

    /// Tells how the child ended, where that is not known yet.
    func ended(_ ending: ChildProcess.Ending) {
        state.withLock { if $0.ending == nil { $0.ending = ending } }
    }

    private static func waitUntilReadable(_ descriptor: Int32) async {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        await withCheckedContinuation { continuation in
            source.setEventHandler { source.cancel() }
            // The descriptor may be closed only after the source has let go of it.
            source.setCancelHandler { continuation.resume() }
            source.resume()
        }
    }

    /// How a process ended that is not reaped yet, and stays so.
    private static func ending(of process: Int32) -> ChildProcess.Ending? {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0 {
            guard errno == EINTR else { return nil }
        }
        let status = information._sifields._sigchld.si_status
        return information.si_code == CLD_EXITED ? .code(status) : .signal(status)
    }
}
