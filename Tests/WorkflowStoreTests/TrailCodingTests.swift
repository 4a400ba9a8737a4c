import Foundation
import Testing
import WorkflowModel

@testable import WorkflowStore

/// The compact form of the steps that an enrollment reached.
struct TrailCodingTests {
    private func visits(_ pairs: [(Int, Int64)]) -> [Enrollment.Visit] {
        pairs.map { Enrollment.Visit(node: $0, at: Instant(milliseconds: $1)) }
    }

    private static let trails: [[(Int, Int64)]] = [
        [], [(0, 0)], [(0, 0), (1, 0), (2, 0)], [(0, 1), (127, 63), (128, 64), (129, -65)],
        [(499, 1_767_225_600_000), (3, 1_767_225_600_001), (16_384, 253_402_300_799_999)],
        [(0, 253_402_300_799_999), (1, 0)],
    ]

    @Test(arguments: trails.indices, [0, 1_767_225_600_000, 253_402_300_799_999] as [Int64])
    func isReadAsItWasWritten(_ index: Int, _ start: Int64) {
        let trail = visits(TrailCodingTests.trails[index])
        let start = Instant(milliseconds: start)
        let last = trail.last?.at ?? start
        for planned in [0, 1, -1, 86_400_000, -86_400_000].map({ last + .init(milliseconds: $0) }) {
            let way = TrailCoding.Way(trail: trail, planned: planned)
            #expect(TrailCoding.decode(TrailCoding.encode(way, from: start), from: start) == way)
        }
    }

    /// Programs up to 0.3.0 knew planned moments alone: these bytes are theirs.
    @Test func anOlderTrailIsReadWithItsLastMomentAsThePlannedOne() {
        let old = Data([0, 0, 1, 0, 2, 0x80, 0xF0, 0xB2, 0x52])
        let way = TrailCoding.decode(old, from: Instant(milliseconds: 0))
        #expect(way.trail == visits([(0, 0), (1, 0), (2, 86_400_000)]))
        #expect(way.planned == Instant(milliseconds: 86_400_000))
        #expect(TrailCoding.encode(way, from: Instant(milliseconds: 0)) == old)
    }

    @Test func randomTrailsAreReadAsTheyWereWritten() {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        print("Trail coding: seed \(seed)")
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            // A linear congruential generator with Knuth's constants for MMIX.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 11) % bound
        }
        for _ in 0..<2_000 {
            let start = Instant(milliseconds: Int64(next(253_402_300_800_000)))
            let trail = (0..<next(12)).map { _ in
                Enrollment.Visit(
                    node: Int(next(500)),
                    at: Instant(milliseconds: Int64(next(253_402_300_800_000))))
            }
            let planned = Instant(milliseconds: Int64(next(253_402_300_800_000)))
            let way = TrailCoding.Way(trail: trail, planned: planned)
            let coded = TrailCoding.encode(way, from: start)
            #expect(TrailCoding.decode(coded, from: start) == way, "seed \(seed)")
        }
    }

    @Test func aSleepingEnrollmentsTrailIsAFewBytes() {
        let day = Int64(86_400_000)
        let trail = visits([(0, 0), (1, 0), (2, day), (3, day), (4, 7 * day)])
        let way = TrailCoding.Way(trail: trail, planned: Instant(milliseconds: 7 * day - 5))
        #expect(TrailCoding.encode(way, from: Instant(milliseconds: 0)).count <= 21)
    }

    @Test func aTrailThatBreaksOffGivesWhatIsWhole() {
        let trail = visits([(0, 0), (1, 86_400_000)])
        let way = TrailCoding.Way(trail: trail, planned: Instant(milliseconds: 86_400_000))
        let coded = TrailCoding.encode(way, from: Instant(milliseconds: 0))
        let whole = TrailCoding.decode(coded.dropLast(), from: Instant(milliseconds: 0))
        #expect(
            whole == TrailCoding.Way(trail: trail.dropLast(), planned: Instant(milliseconds: 0)))
        let noise = TrailCoding.decode(
            Data(repeating: 0xFF, count: 40), from: Instant(milliseconds: 0))
        #expect(noise == TrailCoding.Way(trail: [], planned: Instant(milliseconds: 0)))
    }
}
