import Foundation
import JSONLines
import WorkflowClient

/// What sleeping enrollments cost: on disk, in memory, and in the scheduler's tick.
struct SleepFigures {
    let count: Int

    func measure() throws {
        let few = try sleeping(1_000)
        let many = try sleeping(count)
        for (name, cost) in [("few", few), ("many", many)] {
            Report.figure(
                "idle_cpu", cost.cpuMilliseconds / Sleeping.observation.seconds, "ms/s",
                ["sleeping": .integer(Int64(cost.count)), "which": .string(name)])
            Report.figure(
                "idle_reads", cost.readBytes / Sleeping.observation.seconds, "bytes/s",
                ["sleeping": .integer(Int64(cost.count)), "which": .string(name)])
        }
        let contacts = try databaseBytes(ofContacts: count)
        Report.figure(
            "disk_per_sleeping_enrollment", (many.databaseBytes - contacts) / Double(count),
            "bytes",
            [
                "sleeping": .integer(Int64(count)),
                "with_its_contact": .number((many.databaseBytes / Double(count)).rounded()),
            ])
        Report.figure(
            "memory_per_sleeping_enrollment",
            (many.residentBytes - few.residentBytes) / Double(count),
            "bytes", ["sleeping": .integer(Int64(count))])
    }

    /// A service with `count` enrollments that sleep for a month, observed while it idles.
    private func sleeping(_ count: Int) throws -> Sleeping {
        let service = try LocalService(name: "workflow-bench", arguments: [])
        let population = try populated(service, count)
        try population.enroll(withFields: false)
        var result = Sleeping.observe(service, count: count)
        service.stop()
        result.databaseBytes = databaseBytes(of: service)
        service.remove()
        return result
    }

    /// The size of a database that holds the same contacts and no enrollment.
    private func databaseBytes(ofContacts count: Int) throws -> Double {
        let service = try LocalService(name: "workflow-bench", arguments: [])
        _ = try populated(service, count)
        service.stop()
        defer { service.remove() }
        return databaseBytes(of: service)
    }

    private func populated(_ service: LocalService, _ count: Int) throws -> Population {
        let population = Population(
            client: try service.client(timeout: .seconds(600)), count: count)
        try population.setUp([
            ["kind": "delay", "for": ["days": 30]],
            ["kind": "message", "channel": "sms", "content": ["text": "Hi"]],
        ])
        try population.putContacts()
        return population
    }

    /// The size after the end, when the write-ahead log has been moved into the database.
    private func databaseBytes(of service: LocalService) -> Double {
        let path = "\(service.folder)/data/workflows.sqlite"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }
}

/// A service that has nothing to do, as the system sees it.
struct Sleeping {
    let count: Int
    var databaseBytes: Double = 0
    let cpuMilliseconds: Double
    let readBytes: Double
    let residentBytes: Double

    static let observation = Duration.seconds(5)

    static func observe(_ service: LocalService, count: Int) -> Sleeping {
        let process = service.process ?? 0
        let cpu = processorTime(process)
        let read = value("rchar:", of: "/proc/\(process)/io")
        Thread.sleep(forTimeInterval: observation.seconds)
        return Sleeping(
            count: count, cpuMilliseconds: processorTime(process) - cpu,
            readBytes: value("rchar:", of: "/proc/\(process)/io") - read,
            residentBytes: value("VmRSS:", of: "/proc/\(process)/status") * 1_024)
    }

    /// User and system time in milliseconds; the kernel counts in hundredths of a second.
    private static func processorTime(_ process: Int32) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) * 10
    }

    private static func value(_ name: String, of path: String) -> Double {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap {
            Double($0)
        } ?? 0
    }
}
