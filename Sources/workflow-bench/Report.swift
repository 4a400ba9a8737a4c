import Foundation
import JSONLines

/// Prints figures, each with what it was measured on.
enum Report {
    private static let machine: JSON = [
        "cores": .integer(Int64(ProcessInfo.processInfo.activeProcessorCount)),
        "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
        "build": .string(build),
    ]

    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// One figure: its name, what it is measured in, and whatever explains it.
    static func figure(_ name: String, _ value: Double, _ unit: String, _ details: JSONObject = [:])
    {
        var line: JSONObject = [
            "figure": .string(name), "value": .number((value * 100).rounded() / 100),
            "unit": .string(unit),
        ]
        for (name, value) in details.members { line[name] = value }
        line["machine"] = machine
        FileHandle.standardOutput.write(Data((JSON.object(line).text + "\n").utf8))
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
