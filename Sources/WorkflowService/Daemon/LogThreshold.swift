public import Logging
import Synchronization

/// The least severe level that is logged, shared by all loggers of the service, which are values: it can
/// be changed while they are in use.
public final class LogThreshold: Sendable {
    private let index: Atomic<Int>

    /// A threshold at `level`.
    public init(_ level: Logger.Level) { index = Atomic(Self.index(of: level)) }

    /// The level in force.
    public var level: Logger.Level {
        get { Logger.Level.allCases[index.load(ordering: .relaxed)] }
        set { index.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    private static func index(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
