import Foundation
import Synchronization

/// The number of the last signal that an ``Interruption`` took; 0 before.
private let lastSignal = Atomic<Int32>(0)

/// Posted for each signal that one took.
private nonisolated(unsafe) let arrivals: UnsafeMutablePointer<sem_t> = {
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    return semaphore
}()

/// Ctrl-C, noticed between two pieces of work, so that the work ends where it can say where it stands.
///
/// From the moment that one is made, no signal is lost: a handler notes it, where a dispatch source would be
/// told of it only after another thread has set it up. A program that is started gets the default back.
final class Interruption {
    private let signals: [Int32]

    /// Takes over `signals`; `handler` runs on another thread as soon as one comes, with its number.
    ///
    /// One with a handler is made once in a program.
    init(_ signals: [Int32] = [SIGINT], handler: (@Sendable (Int32) -> Void)? = nil) {
        self.signals = signals
        lastSignal.store(0, ordering: .relaxed)
        _ = arrivals  // Made here: a signal's handler may post, not allocate.
        if let handler {
            Thread.detachNewThread {
                while true {
                    while sem_wait(arrivals) != 0 {}
                    handler(lastSignal.load(ordering: .acquiring))
                }
            }
        }
        for number in signals {
            signal(number) { number in
                lastSignal.store(number, ordering: .releasing)
                sem_post(arrivals)
            }
        }
    }

    deinit { for number in signals { signal(number, SIG_DFL) } }

    /// Ends the program when it comes, and at SIGTERM and when the terminal is closed, by `exit`.
    static func endingProgram() -> Interruption {
        Interruption([SIGINT, SIGTERM, SIGHUP]) { exit(128 + $0) }
    }

    /// Whether it came.
    var hasCome: Bool { lastSignal.load(ordering: .acquiring) != 0 }

    /// The exit code of a program that Ctrl-C stopped: 128 and the number of SIGINT.
    static let exitCode: Int32 = 130
}
