import JSONLines
import WorkflowModel

extension FuzzTarget {
    /// What the reader accepts it writes back to one line that reads equal.
    static let json = FuzzTarget("json", cases: 2_000) { bytes in
        guard let value = try? JSON(parsing: bytes) else { return }
        let line = value.bytes
        try require(!line.contains(0x0A), "A value is written as one line.")
        guard let again = try? JSON(parsing: line) else {
            throw Broken("What is written can be read.")
        }
        try require(again == value, "What is written reads equal.")
        try require(again.hashValue == value.hashValue, "Equal values have equal hashes.")
        try require(again.bytes == line, "What is read is written the same.")
        try require(
            turned(value).canonicalText == value.canonicalText, "The order of members is no matter."
        )
    }

    /// `value` with the members of all objects in the opposite order.
    private static func turned(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map(turned))
        case .object(let object):
            var result = JSONObject()
            for (name, value) in object.members.reversed() { result[name] = turned(value) }
            return .object(result)
        default: return value
        }
    }

    /// Lines are the same however the stream is cut, and never longer than the limit.
    ///
    /// The first byte is the limit, the second says how the stream is cut.
    static let lines = FuzzTarget("lines", cases: 2_000) { bytes in
        guard bytes.count > 2 else { return }
        let limit = Int(bytes[0] % 64) + 1
        let stream = Array(bytes.dropFirst(2))
        let whole = split(stream, limit, every: stream.count)
        let cut = split(stream, limit, every: Int(bytes[1] % 16) + 1)
        try require(whole == cut, "Lines do not depend on the cuts.")
        try require(split(stream, limit, every: 1) == whole, "Nor on reading byte by byte.")
        for case .complete(let line) in whole.lines {
            try require(line.count <= limit && !line.contains(0x0A), "A line is within the limit.")
        }
    }

    private struct Split: Equatable {
        var lines: [LineSplitter.Line] = []
        var rest: [UInt8] = []
    }

    private static func split(_ stream: [UInt8], _ limit: Int, every count: Int) -> Split {
        var splitter = LineSplitter(limit: limit)
        var result = Split()
        for start in stride(from: 0, to: stream.count, by: max(1, count)) {
            splitter.append(stream[start..<min(start + count, stream.count)])
            while let line = splitter.next() { result.lines.append(line) }
        }
        result.rest = splitter.remainder()
        return result
    }

    /// A message's text can be rendered, or says where it is wrong.
    static let message = FuzzTarget("message", cases: 2_000) { bytes in
        let source = String(decoding: bytes, as: UTF8.self)
        let template: MessageTemplate
        do throws(MessageTextError) {
            template = try MessageTemplate(parsing: source)
        } catch {
            let count = source.unicodeScalars.count
            return try require((0...count).contains(error.offset), "The offence is in the text.")
        }
        try require(template.source == source, "The text is kept.")
        guard let zone = ZoneCalendar(identifier: "America/New_York") else { return }
        for isHTML in [false, true] {
            let rendered = try? template.render(escapingHTML: isHTML, zone: zone) { path in
                path.names.count == 1 ? .string(source) : nil
            }
            try require(
                rendered == nil || template.fields.count >= (rendered?.defaultsUsed.count ?? 0),
                "A default stands for a field.")
        }
    }

    /// A moment, a day or a time of day that is read is written in a form that reads the same.
    static let times = FuzzTarget("times", cases: 2_000) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let instant = Instant(rfc3339: text) {
            try require(Instant(rfc3339: instant.rfc3339) == instant, "A moment reads the same.")
            for name in ["America/New_York", "Asia/Kathmandu", "Pacific/Apia"] {
                guard let zone = ZoneCalendar(identifier: name) else { continue }
                let local = zone.local(instant)
                try require(zone.instant(of: local) <= instant, "A wall time is its first.")
                _ = instant.text(offsetSeconds: zone.offset(at: instant))
                _ = instant.messageText(in: zone)
            }
        }
        if let date = CalendarDate(iso: text) {
            try require(CalendarDate(iso: date.iso) == date, "A day reads the same.")
            try require(CalendarDate(daysSince1970: date.daysSince1970) == date, "So do its days.")
        }
        if let time = WallTime(text: text) {
            try require(WallTime(text: time.text) == time, "A time of day reads the same.")
        }
        _ = ZoneCalendar(identifier: text)
        _ = EnrollmentID.number(text)
        _ = SMSSegments(text)
    }
}
