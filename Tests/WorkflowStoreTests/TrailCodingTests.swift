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
        #expect(TrailCoding.decode(TrailCoding.encode(trail, from: start), from: start) == trail)
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
            let coded = TrailCoding.encode(trail, from: start)
            #expect(TrailCoding.decode(coded, from: start) == trail, "seed \(seed)")
        }
    }

    @Test func aSleepingEnrollmentsTrailIsAFewBytes() {
        let day = Int64(86_400_000)
        let trail = visits([(0, 0), (1, 0), (2, day), (3, day), (4, 7 * day)])
        #expect(TrailCoding.encode(trail, from: Instant(milliseconds: 0)).count <= 20)
    }

    @Test func aTrailThatBreaksOffGivesWhatIsWhole() {
        let trail = visits([(0, 0), (1, 86_400_000)])
        let coded = TrailCoding.encode(trail, from: Instant(milliseconds: 0))
        #expect(
            TrailCoding.decode(coded.dropLast(), from: Instant(milliseconds: 0))
                == Array(trail.dropLast()))
        #expect(TrailCoding.decode(Data(repeating: 0xFF, count: 40), from: .at(0)).isEmpty)
    }
}
