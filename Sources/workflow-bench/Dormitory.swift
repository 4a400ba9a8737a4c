import Foundation
import JSONLines
import WorkflowClient

/// Contacts whose enrollments sleep for a month, in one data directory that outlives several runs of
/// the service.
struct Dormitory {
    let count: Int

    /// What the sleeping ones cost.
    struct Cost {
        /// The database of a service that was never used.
        var diskEmpty = 0.0
        /// The database with the contacts and no enrollment.
        var diskOfContacts = 0.0
        /// The database with both.
        var diskWithEnrollments = 0.0
        /// The service's memory when it is new.
        var memoryEmpty = 0.0
        /// Its memory before it enrolled anybody, and without having put the contacts itself.
        var memoryBefore = 0.0
        /// Its memory after it has enrolled all.
        var memoryAfter = 0.0
        /// Its memory after a restart, when all sleep.
        var memoryRestarted = 0.0
        /// The service when all sleep; nil where nobody looked.
        var idle: Idle?
    }

    /// Fills a data directory, from one start of the service to the next.
    func measure(observing: Bool) throws -> Cost {
        let folder = NSTemporaryDirectory() + "workflow-bench-\(getpid())-\(count)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var cost = Cost()
        Report.progress("putting \(count) contacts")
        try run(in: folder) { _, client in try population(client).setUp(Self.steps) }
        cost.diskEmpty = databaseBytes(folder)
        try run(in: folder) { service, client in
            cost.memoryEmpty = ProcessUse(service.process).residentBytes
            try population(client).putContacts()
        }
        cost.diskOfContacts = databaseBytes(folder)
        Report.progress("enrolling \(count) contacts")
        try run(in: folder) { service, client in try enroll(service, client, &cost) }
        cost.diskWithEnrollments = databaseBytes(folder)
        try run(in: folder) { service, client in
            cost.memoryRestarted = ProcessUse(service.process).residentBytes
            if observing { cost.idle = try Idle.observe(service, client) }
        }
        return cost
    }

    private static let steps: JSON = [
        ["kind": "delay", "for": ["days": 30]],
        ["kind": "message", "channel": "sms", "content": ["text": "Hi"]],
    ]

    private func population(_ client: CommandClient) -> Population {
        Population(client: client, count: count)
    }

    private func enroll(_ service: LocalService, _ client: CommandClient, _ cost: inout Cost) throws
    {
        cost.memoryBefore = ProcessUse(service.process).residentBytes
        try population(client).enroll(withFields: false)
        try population(client).checkCount("inside", count)
        cost.memoryAfter = ProcessUse(service.process).residentBytes
    }

    /// Runs `body` with a service over `folder`, which has ended on return.
    private func run(in folder: String, _ body: (LocalService, CommandClient) throws -> Void) throws
    {
        let service = try LocalService(name: "workflow-bench", arguments: ["--data", folder])
        defer { service.remove() }
        let result = Result { try body(service, service.client(timeout: .seconds(600))) }
        service.stop()
        try result.get()
    }

    /// The size after the end, when the write-ahead log has been moved into the database.
    private func databaseBytes(_ folder: String) -> Double {
        let files = ["workflows.sqlite", "workflows.sqlite-wal"].map { name in
            try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size]
        }
        return files.compactMap { ($0 as? NSNumber)?.doubleValue }.reduce(0, +)
    }
}
