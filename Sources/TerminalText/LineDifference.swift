import JSONLines

/// What differs between two texts, line by line.
public struct LineDifference {
    /// One line of the comparison.
    public enum Line: Hashable, Sendable {
        /// It stands in both.
        case same(String)
        /// It stands in the old text alone.
        case removed(String)
        /// It stands in the new text alone.
        case added(String)
        /// So many equal lines are left out.
        case gap(Int)
    }

    /// All lines, in order, with long equal stretches left out.
    public let lines: [Line]

    /// Compares `old` with `new`; `context` equal lines are kept around each change.
    public init(old: String, new: String, context: Int = 3) {
        let old = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let new = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines = Self.shortened(Self.merged(old, new), context: context)
    }

    /// Whether both texts are the same.
    public var isEmpty: Bool {
        lines.allSatisfy { line in
            switch line {
            case .same, .gap: true
            case .removed, .added: false
            }
        }
    }

    private static func merged(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.map(ExactText.init).difference(from: old.map(ExactText.init))
        let removed = Set(difference.removals.map(\.offset))
        let added = Set(difference.insertions.map(\.offset))
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) {
                lines.append(.removed(old[left]))
                left += 1
            } else if added.contains(right) {
                lines.append(.added(new[right]))
                right += 1
            } else {
                lines.append(.same(old[left]))
                left += 1
                right += 1
            }
        }
        return lines
    }

    private static func shortened(_ lines: [Line], context: Int) -> [Line] {
        let changes = lines.indices.filter { index in
            if case .same = lines[index] { false } else { true }
        }
        let kept = Set(
            changes.flatMap { max(0, $0 - context)...min(lines.count - 1, $0 + context) })
        var result: [Line] = []
        for index in lines.indices {
            if kept.contains(index) {
                result.append(lines[index])
            } else if case .gap(let count)? = result.last {
                result[result.count - 1] = .gap(count + 1)
            } else {
                result.append(.gap(1))
            }
        }
        return result
    }

    /// The comparison as lines for people: `-` before what goes, `+` before what comes.
    public func text(ink: Ink) -> [String] {
        lines.map { line in
            switch line {
            case .same(let text): "  \(text)"
            case .removed(let text): ink.red("- \(text)")
            case .added(let text): ink.green("+ \(text)")
            case .gap(let count): ink.dim("  ... \(count) equal lines")
            }
        }
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .remove(let offset, _, _), .insert(let offset, _, _): offset
        }
    }
}
