import Foundation
import Testing

/// Simulated runs of the whole service, each by its seed.
///
/// A failure prints the seed and what happened before: `SIMULATION_SEED=... swift test --filter
/// SimulationTests` repeats that run alone. `SIMULATION_RUNS` says how many seeds are tried, 1,000 where
/// it says nothing; `SIMULATION_TRACE` names a file for the whole story of the run that failed.
@Suite(.serialized) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let given = environment["SIMULATION_SEED"].flatMap { UInt64($0) }
    private static let runs = environment["SIMULATION_RUNS"].flatMap { Int($0) } ?? 1_000
    private static let first = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    /// Steps of a run: some days to some months of its life.
    private static let steps = 60

    @Test func noRunBreaksARule() throws {
        let seeds = Self.given.map { [$0] } ?? (0..<Self.runs).map { Self.first &+ UInt64($0) }
        print("Simulation: seeds \(Self.first) and the next, \(seeds.count) runs")
        var (events, restarts, answered) = (0, 0, 0)
        for seed in seeds {
            let world = try World(seed: seed)
            defer { world.remove() }
            do {
                try world.live(steps: Self.steps)
            } catch {
                Issue.record("SIMULATION_SEED=\(seed): \(error)\n\(world.trace.tail)")
                try world.trace.write(to: Self.environment["SIMULATION_TRACE"])
                break
            }
            events += world.feed.events.count
            restarts += world.restarts
            answered += world.clients.answered
        }
        print("Simulation: \(events) events, \(answered) replies, \(restarts) restarts")
        #expect(events > 20 * seeds.count)
    }

    @Test func aSeedIsARun() throws {
        let traces = try (0..<2).map { _ in
            let world = try World(seed: 7)
            defer { world.remove() }
            try world.live(steps: Self.steps)
            return world.trace.lines
        }
        #expect(traces[0] == traces[1])
    }
}
