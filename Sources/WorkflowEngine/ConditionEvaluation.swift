public import JSONLines
public import WorkflowModel

/// Answers conditions for one enrollment.
struct ConditionEvaluation {
    let timeline: Timeline
    let enrollment: Enrollment
    let facts: Facts
    /// Signals after this moment do not count.
    var until: Instant?

    func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .signal(let test): return holds(test)
        case .field(let path, let comparison):
            return comparison.holds(
                for: facts.value(at: path, timeline: timeline, enrollment: enrollment))
        case .all(let parts): return parts.allSatisfy(holds)
        case .any(let parts): return parts.contains(where: holds)
        case .not(let part): return !holds(part)
        }
    }

    private func holds(_ test: SignalTest) -> Bool {
        guard !facts.signals.isEmpty, let floor = floor(of: test) else { return false }
        return facts.signals.contains { signal in
            signal.name == test.name && signal.at >= floor && until.map { signal.at <= $0 } ?? true
                && test.filter.allSatisfy { $0.comparison.holds(for: signal.data[$0.name]) }
        }
    }

    /// The moment since which a signal counts; nil where the step it counts from was never reached.
    private func floor(of test: SignalTest) -> Instant? {
        guard let step = test.sinceStep else { return enrollment.enrolled }
        guard let node = timeline.number(of: step) else { return nil }
        return enrollment.trail.last { $0.node == node }.map { max($0.at, enrollment.enrolled) }
    }
}

extension Trigger {
    /// Whether a signal with `name` and `data` enrolls its contact.
    public func matches(_ name: String, _ data: JSONObject) -> Bool {
        name == signal && filter.allSatisfy { $0.comparison.holds(for: data[$0.name]) }
    }
}

extension Facts {
    /// The value that merge fields, conditions and anchors read at `path`.
    func value(at path: FieldPath, timeline: Timeline, enrollment: Enrollment) -> JSON? {
        switch path.root {
        case .contact: path.value(in: contact)
        case .record: record.flatMap { path.value(in: $0) }
        case .business: path.value(in: settings.business)
        case .enrollment: enrollmentFields(timeline, enrollment)[path.names.first ?? ""]
        }
    }

    private func enrollmentFields(_ timeline: Timeline, _ enrollment: Enrollment) -> JSONObject {
        var fields = JSONObject()
        fields["id"] = .string(EnrollmentID.text(enrollment.id))
        fields["workflow"] = .string(timeline.definition.name)
        fields["enrolled_at"] = .string(enrollment.enrolled.rfc3339)
        fields["unsubscribe_url"] = unsubscribeLink.map(JSON.string)
        return fields
    }

    /// Where this contact unsubscribes, where the settings say so.
    public var unsubscribeLink: String? {
        settings.unsubscribeLink?.replacing("{contact}", with: contactID.addingPercentEncoding)
    }
}

extension String {
    /// The text with every byte but RFC 3986's unreserved ones percent-encoded.
    fileprivate var addingPercentEncoding: String {
        utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}
