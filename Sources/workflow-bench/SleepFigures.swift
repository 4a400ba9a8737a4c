import Foundation
import JSONLines
import WorkflowClient

/// What sleeping enrollments cost: in the scheduler's tick, on disk and in memory.
struct SleepFigures {
    let count: Int
    let figures: Set<WorkflowBench.Figure>

    /// What the tick of the many is compared with.
    private static let few = 1_000

    func measure() throws {
        if figures.contains(.tick) {
            let few = try Dormitory(count: Self.few).measure(observing: true)
            few.idle.map { report($0, Self.few, against: nil) }
            let many = try Dormitory(count: count).measure(observing: true)
            many.idle.map { report($0, count, against: few.idle) }
            if figures.contains(.size) { report(many) }
        } else {
            report(try Dormitory(count: count).measure(observing: false))
        }
    }

    private func report(_ idle: Idle, _ sleeping: Int, against few: Idle?) {
        var details: JSONObject = [
            "sleeping": .integer(Int64(sleeping)),
            "seconds": .number(Idle.observation.seconds),
            "read_bytes_per_second": .number(idle.readBytes.rounded()),
            "disk_bytes_per_second": .number(idle.diskBytes.rounded()),
            "command_p50_us": .number(idle.commandMedian.rounded(to: 1)),
            "command_p99_us": .number(idle.commandP99.rounded(to: 1)),
        ]
        if let few {
            details["of_\(Self.few)_sleeping"] = .number(
                (idle.processorShare / few.processorShare).rounded(to: 3))
            details["command_p50_of_\(Self.few)_sleeping"] = .number(
                (idle.commandMedian / few.commandMedian).rounded(to: 3))
        }
        Report.figure("idle_cpu", idle.processorShare * 1_000, "ms/s", details)
    }

    private func report(_ cost: Dormitory.Cost) {
        let count = Double(count)
        let sleeping: JSON = .integer(Int64(self.count))
        Report.figure(
            "disk_per_sleeping_enrollment",
            (cost.diskWithEnrollments - cost.diskOfContacts) / count, "bytes",
            [
                "sleeping": sleeping,
                "with_its_contact": .number(
                    ((cost.diskWithEnrollments - cost.diskEmpty) / count).rounded(to: 1)),
            ])
        Report.figure(
            "memory_per_sleeping_enrollment",
            (cost.memoryRestarted - cost.memoryEmpty) / count, "bytes",
            [
                "sleeping": sleeping, "resident_empty": .number(cost.memoryEmpty),
                "resident_after_restart": .number(cost.memoryRestarted),
                "resident_before_enrolling": .number(cost.memoryBefore),
                "resident_after_enrolling": .number(cost.memoryAfter),
                "grown_while_enrolling": .number(
                    ((cost.memoryAfter - cost.memoryBefore) / count).rounded(to: 1)),
            ])
    }
}

/// A service that has nothing to do, as the system and a client see it.
struct Idle {
    /// Processor time by real time.
    let processorShare: Double
    /// Bytes read a second.
    let readBytes: Double
    /// Bytes read from the disk a second.
    let diskBytes: Double
    /// The middle round trip of a trivial command, in microseconds.
    let commandMedian: Double
    /// As ``commandMedian``, the 99th of a hundred.
    let commandP99: Double

    static let observation = Duration.seconds(10)
    private static let commands = 4_000

    /// Watches `service` while nobody asks it anything, and then asks it one thing after the other.
    static func observe(_ service: LocalService, _ client: CommandClient) throws -> Idle {
        Thread.sleep(forTimeInterval: 1)
        let before = ProcessUse(service.process)
        Thread.sleep(forTimeInterval: observation.seconds)
        let after = ProcessUse(service.process)
        let times = try (0..<commands).map { _ in
            try ContinuousClock().measure { try client.call("clock.get") }.seconds * 1e6
        }.sorted()
        let seconds = observation.seconds
        return Idle(
            processorShare: (after.processorSeconds - before.processorSeconds) / seconds,
            readBytes: (after.readBytes - before.readBytes) / seconds,
            diskBytes: (after.diskBytes - before.diskBytes) / seconds,
            commandMedian: times.quantile(0.5) ?? 0, commandP99: times.quantile(0.99) ?? 0)
    }
}
