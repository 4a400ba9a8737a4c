import ServiceHealth
import Testing
import WorkflowModel

/// What is noticed while the service runs: long turns, and a clock that is set.
struct WatchTests {
    @Test func theLongestTurnIsForgottenAfterSomeMinutes() {
        var turns = TurnTimes()
        turns.observe(.milliseconds(700), at: .seconds(30))
        turns.observe(.milliseconds(20), at: .seconds(59))
        #expect(turns.longest(at: .seconds(59)) == .milliseconds(700))
        #expect(turns.longest(at: .seconds(299)) == .milliseconds(700))
        #expect(turns.longest(at: .seconds(300)) == .zero)
        turns.observe(.milliseconds(5), at: .seconds(301))
        #expect(turns.longest(at: .seconds(302)) == .milliseconds(5))
        #expect(turns.longest(at: .seconds(86_400)) == .zero)
        #expect(turns.distribution.total == 3)
    }

    @Test func durationsFallIntoTheBucketOfTheNextBound() {
        var histogram = Histogram()
        for duration in [0, 500, 501, 1_000, 9_999_999, 10_000_001] {
            histogram.observe(.microseconds(duration))
        }
        #expect(histogram.counts[0] == 2)
        #expect(histogram.counts[1] == 2)
        #expect(histogram.counts[12] == 1)
        #expect(histogram.counts[13] == 1)
        #expect(histogram.total == 6)
        #expect(histogram.sum == .microseconds(20_002_001))
    }

    @Test func aClockThatIsSetIsToldFromOneThatIsSteered() {
        var jumps = ClockJumps()
        let start = Instant(milliseconds: 1_000_000)
        jumps.observe(wall: start, elapsed: .seconds(1))
        jumps.observe(wall: start + .seconds(10), elapsed: .seconds(11))
        jumps.observe(wall: start + .seconds(21), elapsed: .seconds(21))
        #expect(jumps.facts(at: .seconds(21)) == JumpFacts())
        jumps.observe(wall: start + .seconds(3_631), elapsed: .seconds(31))
        #expect(jumps.facts(at: .seconds(41)).last == .init(by: .seconds(3_600), age: .seconds(10)))
        jumps.observe(wall: start + .seconds(32), elapsed: .seconds(32))
        #expect(jumps.facts(at: .seconds(32)).last?.by == .seconds(-3_600))
        #expect(jumps.facts(at: .seconds(32)).count == 2)
        jumps.observe(wall: start + .seconds(34), elapsed: .seconds(34))
        #expect(jumps.facts(at: .seconds(34)).count == 2)
    }
}
