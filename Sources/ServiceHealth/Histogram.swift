/// A distribution of durations in buckets of fixed bounds, as collectors sum them over time.
public struct Histogram: Sendable {
    /// The upper bounds of the buckets in seconds; behind the last there is one without a bound.
    ///
    /// From a commit on a fast disk to a turn that makes a client give up.
    public static let bounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]

    /// How many fell into each bucket, not summed up.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// The sum of all durations.
    public private(set) var sum = Duration.zero

    /// An empty distribution.
    public init() {}

    /// Counts `duration`.
    public mutating func observe(_ duration: Duration) {
        sum += duration
        let seconds = duration.inSeconds
        var bucket = 0
        while bucket < Self.bounds.count, seconds > Self.bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
    }

    /// How many were counted.
    public var total: Int { counts.reduce(0, +) }
}

extension Duration {
    /// The length in seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
