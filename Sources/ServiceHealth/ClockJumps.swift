public import WorkflowModel

/// Notices when the machine's clock is set while the service runs, by comparing it with time that only
/// goes forward.
public struct ClockJumps: Sendable {
    private var count = 0
    private var last: (by: TimeSpan, at: Duration)?
    private var seen: (wall: Instant, elapsed: Duration)?

    /// What is less is the steering of a clock that is kept in step.
    public static let tolerance = TimeSpan.seconds(1)

    /// A clock that has not been looked at.
    public init() {}

    /// Compares the two clocks with what they showed last.
    public mutating func observe(wall: Instant, elapsed: Duration) {
        defer { seen = (wall, elapsed) }
        guard let seen else { return }
        let jump = wall - seen.wall - (elapsed - seen.elapsed).span
        guard max(jump, .zero - jump) > Self.tolerance else { return }
        count += 1
        last = (jump, elapsed)
    }

    /// What was noticed, as seen at `elapsed`.
    public func facts(at elapsed: Duration) -> JumpFacts {
        JumpFacts(count: count, last: last.map { .init(by: $0.by, age: elapsed - $0.at) })
    }
}

/// What the machine's clock did since the start.
public struct JumpFacts: Hashable, Sendable {
    /// How often it was set.
    public var count: Int
    /// The last time; nil where it never was.
    public var last: Jump?

    /// One setting of the clock.
    public struct Jump: Hashable, Sendable {
        /// How far it went, negative for back.
        public var by: TimeSpan
        /// How long ago it was.
        public var age: Duration

        /// A jump of `by` that is `age` old.
        public init(by: TimeSpan, age: Duration) {
            self.by = by
            self.age = age
        }
    }

    /// A clock that was set `count` times.
    public init(count: Int = 0, last: Jump? = nil) {
        self.count = count
        self.last = last
    }
}

extension Duration {
    fileprivate var span: TimeSpan {
        let (seconds, attoseconds) = components
        return TimeSpan(milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
