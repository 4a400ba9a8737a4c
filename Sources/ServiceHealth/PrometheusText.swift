/// Metrics in Prometheus's text exposition format 0.0.4, which existing collectors read.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
public struct PrometheusText {
    /// The text, ending with a line's end.
    public private(set) var text = ""

    /// The media type of it.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// What every name begins with.
    ///
    /// Also those about the process: as `process_...` they would collide with the collector's own
    /// where it reads them from a file.
    public static let prefix = "workflowd_"

    /// What a metric is.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// No metric yet.
    public init() {}

    /// Begins the metric `name`, without the prefix; its samples follow.
    public mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(Self.prefix)\(name) \(Self.escaped(help))\n"
        text += "# TYPE \(Self.prefix)\(name) \(kind.rawValue)\n"
    }

    /// Adds a sample without labels of the metric `name`.
    public mutating func sample(_ name: String, _ value: Double) { sample(name, [:], value) }

    /// Adds a sample of the metric `name`; label names are valid as they are, values may be anything.
    public mutating func sample(
        _ name: String, _ labels: KeyValuePairs<String, String>, _ value: Double
    ) {
        text += "\(Self.prefix)\(name)"
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Self.number(value))\n"
    }

    /// A metric with one sample.
    public mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
        guard let value else { return }
        begin(name, kind, help)
        sample(name, value)
    }

    /// A distribution as the metric `name`.
    public mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        begin(name, .histogram, help)
        var below = 0
        for (bound, count) in zip(Histogram.bounds, histogram.counts) {
            below += count
            sample("\(name)_bucket", ["le": Self.number(bound)], Double(below))
        }
        sample("\(name)_bucket", ["le": "+Inf"], Double(histogram.total))
        sample("\(name)_sum", histogram.sum.inSeconds)
        sample("\(name)_count", Double(histogram.total))
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
