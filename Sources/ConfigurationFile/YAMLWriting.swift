public import JSONLines
import Yams

extension ConfigurationFile {
    /// `value` as YAML that ``read(_:)`` reads as the same value.
    ///
    /// Members keep their order, texts of several lines stand as blocks, and what would read as a
    /// number or a truth value is quoted: made to be kept under version control and edited.
    /// - Throws: ``Unreadable`` where the value holds a text that YAML has no form for.
    public static func yaml(_ value: JSON) throws(Unreadable) -> String {
        do {
            return try serialize(
                node: node(value), indent: 2, width: -1, allowUnicode: true)
        } catch {
            throw Unreadable(reason: "It cannot be written as YAML; write JSON.")
        }
    }

    private static func node(_ value: JSON) -> Node {
        switch value {
        case .null: return Node("null", .implicit, .plain)
        case .bool(let bool): return Node(bool ? "true" : "false", .implicit, .plain)
        case .integer, .number: return Node(value.text, .implicit, .plain)
        case .string(let text): return Node(text, Tag(.str), style(of: text))
        case .array(let elements):
            let isShort = elements.count < 10 && elements.allSatisfy { $0.isScalar }
            return Node(
                elements.map(node), Tag(.seq), isShort ? .flow : .block)
        case .object(let object):
            let pairs = object.members.map { (node(.string($0.name)), node($0.value)) }
            return Node(pairs, Tag(.map), object.isEmpty ? .flow : .block)
        }
    }

    private static func style(of text: String) -> Node.Scalar.Style {
        if text.contains("\n") { return isBlock(text) ? .literal : .doubleQuoted }
        return plain(text) == .string(text) && !isDoubtful(text) ? .plain : .doubleQuoted
    }

    /// Whether a block keeps every character of `text`.
    private static func isBlock(_ text: String) -> Bool {
        !text.hasPrefix(" ") && !text.hasPrefix("\n")
            && !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
            && !text.split(separator: "\n").contains { $0.hasSuffix(" ") }
    }

    /// Whether other readers of YAML take the text for something else, such as `on` and `10:00`.
    private static func isDoubtful(_ text: String) -> Bool {
        let node = Node(text, .implicit, .plain)
        if node.bool != nil || node.timestamp != nil { return true }
        // Yams would take digits and colons for a number to the base of 60, and end at one that is too large.
        if text.contains(":") { return text.allSatisfy { "0123456789:+-._".contains($0) } }
        return node.int != nil || node.float != nil
    }
}

extension JSON {
    fileprivate var isScalar: Bool { array == nil && object == nil }
}
