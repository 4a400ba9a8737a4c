/// What one turn does at most of one kind of work, so that nobody waits long for the next.
///
/// It is looked at between two pieces of work: a turn takes one piece longer at worst.
struct TurnBudget {
    private let clock: ServiceClock
    private let end: Duration
    private var bytesLeft = TurnBudget.bytes
    private var now: Duration

    /// Long against a commit, so that commits stay few under load; short against what people notice.
    private static let time = Duration.milliseconds(50)
    /// What one client gets before the next has its turn.
    private static let slice = Duration.milliseconds(5)
    /// Bytes of replies that one turn makes.
    private static let bytes = 16 << 20

    /// The whole budget, from now on.
    init(_ clock: ServiceClock) {
        self.clock = clock
        now = clock.elapsed
        end = now + TurnBudget.time
    }

    /// Whether the rest is for the next turn.
    var isSpent: Bool { now >= end || bytesLeft <= 0 }

    /// Runs `piece`, which made so many bytes.
    mutating func spend(_ piece: () throws -> Int) rethrows {
        bytesLeft -= try piece()
        now = clock.elapsed
    }

    /// A test of whether the slice that begins now is over.
    var sliceIsOver: () -> Bool {
        let end = now + TurnBudget.slice
        return { [clock] in clock.elapsed >= end }
    }
}
