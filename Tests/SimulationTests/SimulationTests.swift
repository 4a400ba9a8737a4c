import Foundation
import Testing

/// Simulated runs of the whole service, each by its seed.
///
/// A failure prints the seed and what happened before: `SIMULATION_SEED=... swift test --filter
/// SimulationTests` repeats that run alone. Otherwise the seeds are the same each time; with
/// `SIMULATION_SEED=random` they are new ones. `SIMULATION_RUNS` says how many are tried, 1,000 where it
/// says nothing; `SIMULATION_TRACE` names a file for the whole story of the run that failed, and
/// `SIMULATION_TRACES` a folder for the stories of all, so that two programs can be compared.
@Suite(.serialized) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["SIMULATION_SEED"]
    private static let given = seed.flatMap { UInt64($0) }
    private static let runs = environment["SIMULATION_RUNS"].flatMap { Int($0) } ?? 1_000
    private static let first =
        given ?? (seed == "random" ? UInt64.random(in: 0...UInt64(UInt32.max)) : 1)
    /// Steps of a run: some days to some months of its life.
    private static let steps = 60
    /// Runs side by side, as many as the smallest machine has cores.
    private static let workers = 2

    /// What happened in some runs.
    private struct Tally {
        var events = 0
        var replies = 0
        var restarts = 0
    }

    @Test func noRunBreaksARule() async throws {
        let seeds = Self.given.map { [$0] } ?? (0..<Self.runs).map { Self.first &+ UInt64($0) }
        print("Simulation: seeds \(Self.first) and the next, \(seeds.count) runs")
        let tally = await withTaskGroup(of: Tally.self) { group in
            for worker in 0..<Self.workers {
                let share = stride(from: worker, to: seeds.count, by: Self.workers).map {
                    seeds[$0]
                }
                group.addTask { Self.run(share) }
            }
            return await group.reduce(into: Tally()) { sum, one in
                sum.events += one.events
                sum.replies += one.replies
                sum.restarts += one.restarts
            }
        }
        print(
            "Simulation: \(tally.events) events, \(tally.replies) replies, \(tally.restarts) restarts"
        )
        #expect(tally.events > 20 * seeds.count)
    }

    /// Runs `seeds` one after the other, up to the first that breaks a rule.
    private static func run(_ seeds: [UInt64]) -> Tally {
        var tally = Tally()
        for seed in seeds {
            do {
                let world = try World(seed: seed)
                defer { world.remove() }
                guard try isLived(world) else { break }
                tally.events += world.feed.events.count
                tally.restarts += world.restarts
                tally.replies += world.clients.answered
            } catch {
                Issue.record("SIMULATION_SEED=\(seed): it did not begin: \(error)")
                break
            }
        }
        return tally
    }

    private static func isLived(_ world: World) throws -> Bool {
        do {
            try world.live(steps: steps)
            if let folder = environment["SIMULATION_TRACES"] {
                try world.trace.write(to: "\(folder)/\(world.seed).txt")
            }
            return true
        } catch {
            Issue.record("SIMULATION_SEED=\(world.seed): \(error)\n\(world.trace.tail)")
            try world.trace.write(to: environment["SIMULATION_TRACE"])
            return false
        }
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
