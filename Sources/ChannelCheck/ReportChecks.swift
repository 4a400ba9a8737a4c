import ChannelKit
import Foundation
import JSONLines

/// What a channel tells without being asked.
extension Check {
    static let reports = [
        Check(
            "reports-readable", .reports, "Its reports are ones that the host can read.",
            mend: "Give status an event_id, a key and an outcome; inbound an event_id and a kind.",
            need: .message
        ) { subject throws(Verdict) in
            guard let offence = try subject.observedReports().offence else { return }
            throw .failed(offence)
        },
        Check(
            "reports-repeated", .reports,
            "It repeats a report under the same event_id until it is acknowledged.",
            mend:
                "Keep each report until its acknowledgment, and write it again at least every 30 s.",
            need: .message
        ) { subject throws(Verdict) in
            switch try subject.observedReports().repetition {
            case nil: throw .skipped("It made no report that can be read.")
            case .same?: return
            case .renamed?: throw .failed("It repeated a report under another event_id.")
            case .never?:
                let limit = Quote.seconds(subject.options.limits.reports)
                throw .failed("It repeated no report within \(limit).")
            }
        },
        Check(
            "reports-acknowledged", .reports, "It repeats no report that was acknowledged.",
            mend: "Forget a report when its event_id is acknowledged.", need: .message
        ) { subject throws(Verdict) in
            let series = try subject.observedReports()
            guard let isForgotten = series.forgetsAcknowledged, series.repetition == .same else {
                throw .skipped("It took two reports, and a repeated one, to tell.")
            }
            if !isForgotten { throw .failed("It repeated a report that was acknowledged.") }
        },
    ]
}

/// What was seen of a channel's reports.
struct ReportSeries {
    enum Repetition { case never, same, renamed }

    /// What is wrong with the first that cannot be read.
    var offence: String?
    /// Whether one that nobody acknowledged came again; nil where there was none to wait for.
    var repetition: Repetition?
    /// Whether one that was acknowledged did not come again; nil where there was only one.
    var forgetsAcknowledged: Bool?
}

extension Subject {
    /// Looks at the reports about two messages, once; one of them is not acknowledged.
    fileprivate func observedReports() throws(Verdict) -> ReportSeries {
        let seen: Result<ReportSeries, Verdict>
        if let reports {
            seen = reports
        } else {
            do throws(Verdict) { seen = .success(try observe()) } catch { seen = .failure(error) }
            reports = seen
        }
        return try seen.get()
    }

    private func observe() throws(Verdict) -> ReportSeries {
        let manifest = try manifest()
        guard manifest.inbound || !manifest.statuses.isEmpty else {
            throw .skipped("Its manifest names no report.")
        }
        let session = try configured()
        // What came before, about messages of earlier sessions, is acknowledged already.
        session.acknowledgesReports = false
        let first = session.record.events.count
        for message in try messages(2) { try send([message], on: session) }
        try provoke()
        let series = try observe(session, from: first)
        session.acknowledgeAll()
        close(session)
        return series
    }

    /// Runs the command that lets the channel report something.
    private func provoke() throws(Verdict) {
        guard let command = options.provocation else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do { try process.run() } catch {
            throw .skipped("The command of --provoke could not be started.")
        }
        let limit = options.limits.provocation
        guard ended.wait(timeout: .now() + limit / .seconds(1)) == .success else {
            // Its own group; it may well have blocked what can be.
            _ = Glibc.kill(-process.processIdentifier, SIGKILL)
            throw .skipped("The command of --provoke did not end within \(Quote.seconds(limit)).")
        }
        guard process.terminationStatus == 0 else {
            throw .skipped("The command of --provoke ended with \(process.terminationStatus).")
        }
    }

    private func observe(_ session: Session, from first: Int) throws(Verdict) -> ReportSeries {
        let limit = options.limits.reports
        guard session.wait(limit, until: { $0.record.events.count > first }) else {
            let hint = options.provocation == nil ? " --provoke gives a command that lets it." : ""
            throw .skipped("It reported nothing within \(Quote.seconds(limit)).\(hint)")
        }
        // The second usually comes with the first.
        _ = session.wait(min(limit, .seconds(1))) { $0.record.events.count > first + 1 }
        var series = ReportSeries()
        series.offence = session.offence
        guard let kept = session.eventIDs(from: first).last else { return series }
        let acknowledged = session.eventIDs(from: first).filter { $0 != kept }
        for other in acknowledged { session.acknowledge(other) }
        try session.ping(within: options.limits.answer, "a ping behind its reports")
        let seen = session.record.events.count
        _ = session.wait(limit) { $0.repetition(of: kept, from: seen) != .never }
        series.repetition = session.repetition(of: kept, from: seen)
        if !acknowledged.isEmpty, series.repetition == .same {
            // Others may come for the first time meanwhile, about earlier messages.
            series.forgetsAcknowledged = !session.eventIDs(from: seen).contains {
                acknowledged.contains($0)
            }
        }
        return series
    }
}

extension Session {
    /// The names of the reports from number `first` on, in the order in which each came first.
    fileprivate func eventIDs(from first: Int) -> [String] {
        var names: [String] = []
        for event in record.events.dropFirst(first) where event.offence == nil {
            if let name = event.json["event_id"]?.string, !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// What is wrong with the first report that cannot be read.
    fileprivate var offence: String? {
        record.events.lazy.compactMap { event in
            event.offence.map {
                "\($0.path): \($0.message) The report is \(event.json.text)"
            }
        }.first
    }

    /// Whether report `name` came again among those from number `first` on.
    fileprivate func repetition(of name: String, from first: Int) -> ReportSeries.Repetition {
        let old = record.events.prefix(first).map(\.json)
        let original = old.first { $0["event_id"] == .string(name) }?.unnamed
        let again = record.events.dropFirst(first).map(\.json)
        if again.contains(where: { $0["event_id"] == .string(name) }) { return .same }
        return again.contains { $0.unnamed == original } ? .renamed : .never
    }

    /// Acknowledges all that came.
    fileprivate func acknowledgeAll() {
        for name in eventIDs(from: 0) { acknowledge(name) }
    }
}

extension JSON {
    /// A report without its name.
    fileprivate var unnamed: JSONObject? {
        var report = object
        report?["event_id"] = Optional<JSON>.none
        return report
    }
}
