import Foundation
public import JSONLines
import Yams

/// A file that people write: YAML, of which JSON is a part.
public enum ConfigurationFile {
    /// Why a file cannot be used.
    public struct Unreadable: Error, Hashable, Sendable {
        /// The reason, with the line where there is one; it repeats no value.
        public let reason: String
    }

    /// What the file at `path` holds; an empty file is an empty object.
    ///
    /// Plain scalars are read by YAML's core schema, quoted ones are texts.
    /// - Throws: ``Unreadable``: it is not there, no YAML, or has a key twice.
    public static func read(_ path: String) throws(Unreadable) -> JSON {
        try value(of: text(path))
    }

    /// The text of the file at `path`.
    /// - Throws: ``Unreadable``: it is not there, or is no UTF-8.
    public static func text(_ path: String) throws(Unreadable) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Unreadable(reason: "The file cannot be read.")
        }
    }

    /// What `text` holds; see ``read(_:)``.
    /// - Throws: ``Unreadable``: it is no YAML, or has a key twice.
    public static func value(of text: String) throws(Unreadable) -> JSON {
        do {
            var room = Room(of: text)
            return try Yams.compose(yaml: text).map { try json($0, &room) } ?? [:]
        } catch let error as YamlError {
            throw Unreadable(reason: "\(error)")
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(reason: "It is no YAML.")
        }
    }

    /// Values that a file may stand for: a few lines of aliases to aliases can stand for any number, and
    /// each costs time.
    private struct Room {
        private var left: Int

        init(of text: String) { left = 1_000 + text.utf8.count }

        mutating func take() throws(Unreadable) {
            left -= 1
            guard left >= 0 else {
                throw Unreadable(
                    reason:
                        "Its aliases stand for more than can be read. Write out what they stand for."
                )
            }
        }
    }

    private static func json(_ node: Node, _ room: inout Room) throws -> JSON {
        try room.take()
        switch node {
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.string, object[name] == nil else {
                    throw Unreadable(reason: "A key stands twice, or is no text.")
                }
                object[name] = try json(value, &room)
            }
            return .object(object)
        case .sequence(let sequence): return .array(try sequence.map { try json($0, &room) })
        default: return scalar(node)
        }
    }

    private static func scalar(_ node: Node) -> JSON {
        guard node.scalar?.style == .plain else { return .string(node.string ?? "") }
        return plain(node.string ?? "")
    }

    /// What a plain scalar means by YAML's core schema.
    ///
    /// Yams reads more out of some: `10:00` as 600, `yes` as true; here they are texts.
    static func plain(_ text: String) -> JSON {
        let node = Node(text, .implicit, .plain)
        if node.null != nil { return .null }
        if let bool = node.bool, ["true", "false"].contains(text.lowercased()) {
            return .bool(bool)
        }
        if text.contains(":") { return .string(text) }
        if let int = node.int { return .integer(Int64(int)) }
        if let float = node.float, float.isFinite { return .number(float) }
        return .string(text)
    }
}
