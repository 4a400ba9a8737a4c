public import JSONLines

/// The steps of a definition as lines, one a step, with the paths of branches drawn as a tree.
public struct StepOutline {
    /// One line of the outline.
    public struct Line {
        /// What leads to the step: blanks and the strokes of the tree.
        public let indent: String
        /// The step; nil for a line that names a path.
        public let step: JSON?
        /// The name of the path that begins here.
        public let path: String?
        /// The branch that the path belongs to.
        public let branch: String?
    }

    /// All lines in the order in which an author reads them.
    public private(set) var lines: [Line] = []

    /// The outline of a definition.
    public init(definition: JSON) { append(definition["steps"]?.array ?? [], "") }

    /// The steps alone, in order.
    public var steps: [JSON] { lines.compactMap(\.step) }

    private mutating func append(_ steps: [JSON], _ indent: String) {
        for step in steps {
            lines.append(Line(indent: indent, step: step, path: nil, branch: nil))
            if step["kind"]?.string == "branch" { append(pathsOf: step, indent) }
        }
    }

    private mutating func append(pathsOf branch: JSON, _ indent: String) {
        var paths = (branch["paths"]?.array ?? []).map { path in
            (name: path["name"]?.string ?? "", steps: path["steps"]?.array ?? [])
        }
        paths.append((name: "otherwise", steps: branch["otherwise"]?["steps"]?.array ?? []))
        for (index, path) in paths.enumerated() {
            let isLast = index == paths.count - 1
            let stroke = isLast ? "└─ " : "├─ "
            lines.append(
                Line(
                    indent: indent + stroke, step: nil, path: path.name,
                    branch: branch["id"]?.string))
            append(path.steps, indent + (isLast ? "   " : "│  "))
        }
    }
}
