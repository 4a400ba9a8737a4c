import ChannelKit
import JSONLines

/// Its reports: what was sent is reported as delivered until that is acknowledged.
struct FaultyReports {
    let fault: Fault
    private var waiting: [String] = []
    private var repetitions = 0

    init(_ fault: Fault) { self.fault = fault }

    /// Whether this fault has anything to do with them.
    var isOn: Bool {
        switch fault {
        case .repeatsReports, .neverRepeats, .renamesReports, .ignoresAcknowledgements,
            .unreadableReports:
            true
        default: false
        }
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// The message with `key` was sent.
    mutating func add(_ key: String) {
        guard isOn else { return }
        if fault != .neverRepeats { waiting.append(key) }
        write(key)
    }

    mutating func acknowledge(_ eventID: String) {
        if fault != .ignoresAcknowledgements { waiting.removeAll { "delivered-\($0)" == eventID } }
    }

    /// Writes all again that are not acknowledged.
    mutating func repeatAll() {
        repetitions += 1
        for key in waiting { write(key) }
    }

    private func write(_ key: String) {
        let name =
            fault == .renamesReports ? "delivered-\(key)-\(repetitions)" : "delivered-\(key)"
        if fault == .unreadableReports {
            let report: JSONObject = [
                "event": "status", "event_id": .string(name), "key": .string(key),
                "outcome": "read",
            ]
            Wire.write(JSON.object(report).text + "\n")
        } else {
            Wire.write(line: .status(eventID: name, key: key, .delivered))
        }
    }
}
