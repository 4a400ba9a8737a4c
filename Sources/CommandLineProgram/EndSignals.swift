import Glibc
import Synchronization

/// Whether somebody waits for the signals that end the program, or will.
private let isAwaited = Atomic(true)

/// The signals that a server lives with, kept from the moment that this is made until somebody waits for
/// them: one that comes while it starts must not be lost.
///
/// SIGTERM and SIGINT end it. SIGHUP, SIGUSR1 and SIGUSR2, by which others reload or open their log anew,
/// and which a closed terminal sends, do not: their default would end it without a word.
///
/// To be made before there is another thread: threads take over what is blocked. Programs that are started
/// do not.
public struct EndSignals: Sendable {
    private static let ending = [SIGTERM, SIGINT]
    private static let ignored = [SIGHUP, SIGUSR1, SIGUSR2]

    private var signals = sigset_t()

    /// Keeps them from now on.
    public init() {
        sigemptyset(&signals)
        for number in Self.ending + Self.ignored { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        isAwaited.store(true, ordering: .relaxed)
        // A library may have threads that block nothing. A handler, which a program that is started does
        // not get, in place of SIG_IGN, which it would.
        for number in Self.ignored { signal(number) { _ in } }
        // What ends the program is passed on until the thread that waits for it takes it.
        for number in Self.ending {
            signal(number) { number in
                if isAwaited.load(ordering: .relaxed) { kill(getpid(), number) }
            }
        }
    }

    /// Returns when one has come that ends the program; `ignoring` gets the name of each other when it
    /// comes for the first time.
    public func wait(ignoring: (String) -> Void = { _ in }) {
        var (signals, number) = (signals, Int32(0))
        var told: Set<Int32> = []
        while sigwait(&signals, &number) == 0, !Self.ending.contains(number) {
            if told.insert(number).inserted { ignoring(Self.name(number)) }
        }
        isAwaited.store(false, ordering: .relaxed)
    }

    private static func name(_ number: Int32) -> String {
        switch number {
        case SIGHUP: "SIGHUP"
        case SIGUSR1: "SIGUSR1"
        default: "SIGUSR2"
        }
    }
}
