import Foundation
import Synchronization

/// Ctrl-C, noticed between two pieces of work, so that the work ends where it can say where it stands.
final class Interruption {
    private let flag = Flag()
    private let source: any DispatchSourceSignal

    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    /// Takes over SIGINT; `handler` runs on another thread as soon as it comes.
    init(handler: (@Sendable () -> Void)? = nil) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { [flag] in
            flag.isRaised.store(true, ordering: .releasing)
            handler?()
        }
        source.resume()
    }

    deinit { source.cancel() }

    /// Ends the program when it comes.
    static func endingProgram() -> Interruption { Interruption { exit(Interruption.exitCode) } }

    /// Whether it came.
    var hasCome: Bool { flag.isRaised.load(ordering: .acquiring) }

    /// The exit code of a program that Ctrl-C stopped: 128 and the number of SIGINT.
    static let exitCode: Int32 = 130
}
