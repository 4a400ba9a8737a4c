import ChannelKit
import Testing

@testable import ChannelHost

/// A channel gets no more messages than its rate allows.
@Suite struct RateTests {
    @Test(arguments: [0.5, 1, 3, 7.5, 100])
    func noWindowHoldsMoreThanItsRate(perSecond: Double) {
        var rate = SendRate(perSecond: perSecond)
        var generator = SystemRandomNumberGenerator()
        var now = Duration.zero
        var times: [Duration] = []
        while times.count < 500 {
            now += .milliseconds(Int.random(in: 0...Int(2_000 / perSecond), using: &generator))
            for _ in 0..<rate.room(at: now) where Bool.random(using: &generator) {
                rate.take(at: now)
                times.append(now)
            }
        }
        let most = max(1, Int(perSecond))
        let window = Duration.seconds(Double(most) / perSecond)
        for index in times.indices.dropFirst(most) {
            #expect(times[index] - times[index - most] >= window)
        }
    }

    @Test func aFullWindowSaysWhenTheNextMayGo() {
        var rate = SendRate(perSecond: 2)
        #expect(rate.room(at: .zero) == 2)
        rate.take(at: .milliseconds(100))
        #expect(rate.next(after: .milliseconds(100)) == nil)
        rate.take(at: .milliseconds(400))
        #expect(rate.room(at: .milliseconds(999)) == 0)
        #expect(rate.next(after: .milliseconds(999)) == .milliseconds(1_100))
        #expect(rate.room(at: .milliseconds(1_100)) == 1)
        #expect(rate.room(at: .milliseconds(1_400)) == 2)
    }

    @Test func theHostGivesNoRoomAboveTheRateAndWakesForTheNext() throws {
        let bench = try Bench("none", perSecond: 2)
        bench.start()
        #expect(bench.host.capacity(of: "faulty") == 2)
        for key in ["a", "b"] { bench.send(key) }
        bench.run { $0.answers.count == 2 }
        #expect(bench.host.capacity(of: "faulty") == 0)
        #expect(bench.host.nextDeadline == .seconds(1))
        #expect(bench.status.answeredLastMinute == 2)
        bench.advance(by: .seconds(1))
        #expect(bench.host.capacity(of: "faulty") == 2)
        bench.advance(by: .seconds(60))
        #expect(bench.status.answeredLastMinute == 0)
    }
}
