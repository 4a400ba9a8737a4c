import Foundation
package import JSONLines

/// Values of a channel's configuration that stand elsewhere: in a variable of the environment or in a
/// file.
///
/// The configuration file then holds `env:NAME` or `file:/path` and can be shown to anybody. The values are
/// fetched each time a channel is configured, so that a changed password needs no restart.
package enum SecretReferences {
    /// A configuration whose references are replaced, and the values that they stood for.
    package struct Resolved {
        /// What the channel gets.
        package var config: JSONObject
        /// What must appear nowhere else.
        package var values: [String]
    }

    /// Why a reference cannot be followed.
    package struct Unresolved: Error, Hashable, CustomStringConvertible {
        /// Where it stands and how to mend it.
        package let description: String
    }

    /// Follows all references in `config`, however deep.
    ///
    /// Of a file one line end at its end is dropped.
    /// - Throws: ``Unresolved`` where a variable is not set, or a file cannot be read.
    package static func resolve(_ config: JSONObject) throws(Unresolved) -> Resolved {
        var values: [String] = []
        let resolved = try resolve(.object(config), at: "config", &values)
        return Resolved(config: resolved.object ?? config, values: values)
    }

    private static func resolve(_ json: JSON, at path: String, _ values: inout [String])
        throws(Unresolved) -> JSON
    {
        switch json {
        case .object(let object):
            var resolved = JSONObject()
            for (name, value) in object.members {
                resolved[name] = try resolve(value, at: "\(path).\(name)", &values)
            }
            return .object(resolved)
        case .array(let elements):
            var resolved: [JSON] = []
            for (index, element) in elements.enumerated() {
                resolved.append(try resolve(element, at: "\(path)[\(index)]", &values))
            }
            return .array(resolved)
        case .string(let text):
            guard let value = try value(of: text, at: path) else { return json }
            values.append(value)
            return .string(value)
        default: return json
        }
    }

    private static func value(of text: String, at path: String) throws(Unresolved) -> String? {
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw Unresolved(description: "\(path): the variable \(name) is not set.")
            }
            return value
        }
        guard text.hasPrefix("file:") else { return nil }
        return try contents(of: String(text.dropFirst(5)), at: path)
    }

    private static func contents(of file: String, at path: String) throws(Unresolved) -> String {
        guard let data = FileManager.default.contents(atPath: file), data.count <= 65_536,
            let text = String(bytes: data, encoding: .utf8)
        else {
            throw Unresolved(
                description: "\(path): the file \(file) cannot be read as text of up to 64 KiB.")
        }
        guard let last = text.last, last.isNewline else { return text }
        return String(text.dropLast())
    }
}

/// Takes secrets out of texts that people see: a channel may repeat what it was given.
package struct SecretMask {
    private let secrets: [String]

    /// Shorter ones are no secrets, and masking them would garble every text.
    private static let shortest = 4

    package init(_ values: [String] = []) {
        secrets = Set(values).filter { $0.utf8.count >= Self.shortest }
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The values that `manifest` calls secret, and those that were references.
    package init(_ resolved: SecretReferences.Resolved, schema: JSONObject) {
        let named = schema.members.filter { $0.1["secret"] == true }.compactMap {
            resolved.config[$0.0]?.string
        }
        self.init(resolved.values + named)
    }

    package func apply(_ text: String) -> String {
        secrets.reduce(text) { $0.contains($1) ? $0.replacing($1, with: "***") : $0 }
    }
}
