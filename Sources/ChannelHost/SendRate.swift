/// Keeps a channel below so many messages a second: never more in any window of its length.
struct SendRate {
    /// The times of the last messages, as many as a window takes.
    private var times: [Duration] = []
    private var oldest = 0
    private let most: Int
    private let window: Duration

    /// `perSecond` messages; below 1 it is one message in each `1 / perSecond` seconds.
    init(perSecond: Double) {
        most = max(1, Int(perSecond))
        window = .seconds(Double(most) / perSecond)
    }

    /// How many may go at `now`.
    func room(at now: Duration) -> Int {
        var passed = 0
        while passed < times.count, times[(oldest + passed) % most] + window <= now { passed += 1 }
        return most - times.count + passed
    }

    /// When the next may go, where none may at `now`.
    func next(after now: Duration) -> Duration? {
        guard times.count == most, times[oldest] + window > now else { return nil }
        return times[oldest] + window
    }

    /// One goes at `now`.
    mutating func take(at now: Duration) {
        guard times.count == most else { return times.append(now) }
        times[oldest] = now
        oldest = (oldest + 1) % most
    }
}

/// How many messages were answered within the last minute.
struct AnswerRate {
    private var counts = [Int](repeating: 0, count: 60)
    private var second = 0

    mutating func count(at now: Duration) {
        advance(to: now)
        counts[second % 60] += 1
    }

    /// The answers of the last 60 s.
    mutating func lastMinute(at now: Duration) -> Int {
        advance(to: now)
        return counts.reduce(0, +)
    }

    private mutating func advance(to now: Duration) {
        let present = Int(now.components.seconds)
        for passed in 0..<min(60, max(0, present - second)) { counts[(present - passed) % 60] = 0 }
        second = max(second, present)
    }
}
