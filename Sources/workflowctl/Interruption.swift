import Foundation
import Synchronization

/// Ctrl-C, noticed between two pieces of work, so that the work ends where it can say where it stands.
final class Interruption {
    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    /// Takes over `signals`; `handler` runs on another thread as soon as one comes, with its number.
    init(_ signals: [Int32] = [SIGINT], handler: (@Sendable (Int32) -> Void)? = nil) {
        sources = signals.map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (number, source) in zip(signals, sources) {
            source.setEventHandler { [flag] in
                flag.isRaised.store(true, ordering: .releasing)
                handler?(number)
            }
            source.resume()
        }
    }

    deinit { for source in sources { source.cancel() } }

    /// Ends the program when it comes, and at SIGTERM and when the terminal is closed, by `exit`.
    static func endingProgram() -> Interruption {
        Interruption([SIGINT, SIGTERM, SIGHUP]) { exit(128 + $0) }
    }

    /// Whether it came.
    var hasCome: Bool { flag.isRaised.load(ordering: .acquiring) }

    /// The exit code of a program that Ctrl-C stopped: 128 and the number of SIGINT.
    static let exitCode: Int32 = 130
}
