import Foundation
import Testing
import WorkflowEngine
import WorkflowModel

/// Delays and quiet hours against `Oracle/time_oracle.py`, which knows zones by Python's zoneinfo and
/// walks through time minute by minute.
///
/// `TIME_ORACLE_SEED` replays a run, `TIME_ORACLE_CASES` makes it longer.
struct TimeOracleTests {
    @Test func agreesWithTheOracle() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["TIME_ORACLE_SEED"] ?? String(UInt32.random(in: 0...UInt32.max))
        let count = environment["TIME_ORACLE_CASES"] ?? "2000"
        print("time oracle: seed \(seed), \(count) cases of each kind")
        let lines = try oracleLines(seed: seed, count: count)
        #expect(lines.count >= (Int(count) ?? 0) * 2)
        let zones = ZoneDirectory()
        var wrong = 0
        for line in lines where wrong < 10 {
            let fields = line.split(separator: "\t").map(String.init)
            let answer = try answer(to: fields, zones)
            if answer != fields.last { wrong += 1 }
            #expect(answer == fields.last, "seed \(seed): \(line)")
        }
    }

    private func oracleLines(seed: String, count: String) throws -> [Substring] {
        let script = try #require(
            Bundle.module.url(
                forResource: "time_oracle", withExtension: "py", subdirectory: "Oracle"))
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("time-oracle-\(UUID().uuidString).tsv")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script.path, seed, count, file.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try String(contentsOf: file, encoding: .ascii).split(separator: "\n")
    }

    private func answer(to fields: [String], _ zones: ZoneDirectory) throws -> String {
        let zone = try #require(zones.calendar(fields[1]))
        switch fields[0] {
        case "delay": return try delay(fields, zone, zones)
        case "end":
            let end = try hours(fields).end(ifQuietAt: instant(fields[5]), in: zone)
            return end.map { String($0.milliseconds) } ?? "-"
        default:
            let hours = try hours(fields)
            let held = hours.held(
                from: try instant(fields[5]), to: try instant(fields[6]), in: zone)
            return String(held.milliseconds)
        }
    }

    private func delay(
        _ fields: [String], _ zone: ZoneCalendar, _ zones: ZoneDirectory
    ) throws -> String {
        let business = try #require(zones.calendar(fields[2]))
        let anchor =
            try CalendarDate(iso: fields[3]).map(Anchor.date) ?? .instant(instant(fields[3]))
        let parts = fields[4].split(separator: ",").compactMap { Int($0) }
        let amount = DurationAmount(
            weeks: parts[0], days: parts[1], hours: parts[2], minutes: parts[3])
        let rule = DelayRule(amount: amount, at: WallTime(text: fields[5]), on: weekdays(fields[6]))
        let target = DelayCalendar.target(
            of: rule, from: anchor, anchored: fields[7] == "1", in: zone, businessZone: business)
        return String(target.milliseconds)
    }

    private func hours(_ fields: [String]) throws -> QuietHours {
        QuietHours(
            start: try #require(WallTime(text: fields[2])),
            end: try #require(WallTime(text: fields[3])),
            days: weekdays(fields[4]))
    }

    private func weekdays(_ text: String) -> Set<Weekday> {
        Set(text.split(separator: ",").compactMap { Weekday(rawValue: String($0)) })
    }

    private func instant(_ text: String) throws -> Instant {
        Instant(milliseconds: try #require(Int64(text)))
    }
}
