import Yams

extension ConfigurationFile {
    /// The lines of `text`, counted from 1, at which the members with these `paths` stand, each written as
    /// `channels.sms.config` or `commands[1]`; for one that is not there, the line of what it belongs to.
    ///
    /// Nil where there is no such line, or `text` is no YAML.
    public static func lines(of paths: [String], in text: String) -> [Int?] {
        guard let root = try? Yams.compose(yaml: text) else { return paths.map { _ in nil } }
        return paths.map { line(of: $0[...], below: root) }
    }

    /// The line of the member at `path`, whose beginning names members of `node`.
    private static func line(of path: Substring, below node: Node) -> Int? {
        if case .sequence(let elements) = node {
            guard path.first == "[", let end = path.firstIndex(of: "]"),
                let index = Int(path[path.index(after: path.startIndex)..<end]),
                elements.indices.contains(index)
            else { return nil }
            return line(of: path[path.index(after: end)...], below: elements[index])
                ?? elements[index].mark?.line
        }
        guard case .mapping(let members) = node else { return nil }
        let path = path.first == "." ? path.dropFirst() : path
        // The longest first: a name may have a dot in it.
        for (key, value) in members.sorted(by: { $0.key.string ?? "" > $1.key.string ?? "" }) {
            guard let name = key.string, path.hasPrefix(name) else { continue }
            let rest = path.dropFirst(name.count)
            guard rest.isEmpty || rest.first == "." || rest.first == "[" else { continue }
            return line(of: rest, below: value) ?? key.mark?.line
        }
        return nil
    }
}
