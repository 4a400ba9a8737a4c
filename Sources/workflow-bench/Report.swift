import CommandLineProgram
import Foundation
import JSONLines

/// Prints figures, each with what it was measured on.
enum Report {
    /// One figure: its name, what it is measured in, and whatever explains it.
    static func figure(_ name: String, _ value: Double, _ unit: String, _ details: JSONObject = [:])
    {
        var line: JSONObject = [
            "figure": .string(name), "value": .number(value.rounded(to: 2)), "unit": .string(unit),
        ]
        for (name, value) in details.members { line[name] = value }
        line["at"] = .string(Date().ISO8601Format())
        line["on"] = .object(Machine.facts)
        ProgramOutput.print(JSON.object(line).text)
    }

    /// Says on standard error what is going on.
    static func progress(_ text: String) {
        try? StandardStream.errors.write("workflow-bench: \(text)\n")
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Double {
    /// This number with at most `digits` digits behind the point.
    func rounded(to digits: Int) -> Double {
        let factor = pow(10, Double(digits))
        return (self * factor).rounded() / factor
    }
}

extension [Double] {
    /// The element that `share` of all are not above; the elements are sorted.
    func quantile(_ share: Double) -> Double? {
        isEmpty ? nil : self[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
