/// Reports that the host has not acknowledged yet: each is written now, and again every 30 s.
struct ReportQueue {
    private var waiting: [(eventID: String, line: ChannelLine, writeAt: Duration)] = []

    private static let pause = Duration.seconds(30)
    /// With so many on their way the channel is not asked for more, so that a host that stores nothing
    /// does not fill its memory.
    private static let limit = 1_000

    var hasRoom: Bool { waiting.count < Self.limit }

    /// Takes reports; one with an identifier that waits already replaces nothing.
    mutating func add(_ reports: [ChannelLine], at now: Duration) {
        for report in reports {
            guard let eventID = report.eventID,
                !waiting.contains(where: { $0.eventID == eventID })
            else { continue }
            waiting.append((eventID, report, now))
        }
    }

    /// The host has stored the report.
    mutating func acknowledge(_ eventID: String) { waiting.removeAll { $0.eventID == eventID } }

    /// Appends what is to be written now.
    mutating func write(to bytes: inout [UInt8], at now: Duration) {
        for index in waiting.indices where waiting[index].writeAt <= now {
            waiting[index].line.write(to: &bytes)
            waiting[index].writeAt = now + Self.pause
        }
    }
}

extension ChannelLine {
    package var eventID: String? {
        switch self {
        case .answer: nil
        case .status(let eventID, _, _): eventID
        case .inbound(let inbound): inbound.eventID
        }
    }
}
