import ConfigurationFile
import HTTPListener
import JSONLines
import WorkflowClient

extension FuzzTarget {
    /// Fields of a form that are read are written in a form that reads equal.
    static let form = FuzzTarget("form", cases: 2_000) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let fields = FormFields(text).fields.map { (name: $0.name, value: $0.value) }
        let again = FormFields(FormFields.encode(fields)).fields
        try require(again.map(\.name) == fields.map(\.name), "Names read equal.")
        try require(again.map(\.value) == fields.map(\.value), "Values read equal.")
        _ = LoopbackAddress(text)
    }

    /// Each row of a file of contacts is an element for `enrollment.create`, or says what is wrong.
    static let table = FuzzTarget("table") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        var typed = ContactFile.Mapping()
        typed.recordType = "lead"
        for mapping in [ContactFile.Mapping(), typed] {
            guard let file = try? ContactFile(text: text, mapping: mapping) else { continue }
            try require(
                text.utf8.count { $0 == UInt8(ascii: "\"") } % 2 == 0, "Every mark is closed.")
            for row in file.rows {
                guard case .success(let entry) = row.content else { continue }
                try require(entry["contact"]?["id"]?.string?.isEmpty == false, "It has an id.")
                try require((try? JSON(parsing: entry.bytes)) == entry, "It can be sent.")
            }
        }
    }

    /// What a configuration holds is written in a form that reads equal.
    static let configuration = FuzzTarget("configuration") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let value = try? ConfigurationFile.value(of: text),
            let yaml = try? ConfigurationFile.yaml(value)
        else { return }
        try require(
            (try? ConfigurationFile.value(of: yaml)) == value, "What is written reads equal.")
    }
}
