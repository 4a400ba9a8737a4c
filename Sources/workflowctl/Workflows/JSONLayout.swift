import JSONLines

/// JSON with a member a line, for files that people keep and compare.
enum JSONLayout {
    static func text(_ value: JSON) -> String { text(value, "") + "\n" }

    private static func text(_ value: JSON, _ indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .object(let object) where !object.isEmpty:
            let members = object.members.map { name, value in
                "\(inner)\(JSON.string(name).text): \(text(value, inner))"
            }
            return "{\n\(members.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where elements.contains { $0.object != nil || $0.array != nil }:
            let lines = elements.map { "\(inner)\(text($0, inner))" }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        default: return value.text
        }
    }
}
