/// A table for people: a heading, and columns as wide as they have to be.
public struct Table {
    /// How the cells of a column stand.
    public enum Alignment: Hashable, Sendable {
        /// At the left, for names and words.
        case left
        /// At the right, for numbers.
        case right
    }

    private let headings: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// A table with `headings`; those that begin with `#` head a column of numbers, without the sign.
    public init(_ headings: String...) {
        self.headings = headings.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 }
        alignments = headings.map { $0.hasPrefix("#") ? .right : .left }
    }

    /// Appends a row; missing cells are empty, and line breaks in cells become blanks.
    public mutating func append(_ cells: [String]) {
        let row = cells.prefix(headings.count).map(\.singleLine)
        rows.append(row + Array(repeating: "", count: headings.count - row.count))
    }

    /// Whether it has no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// The lines of the table.
    ///
    /// Where `width` is given, the widest columns are cut until the table fits, but none below eight
    /// columns; a pipe gets everything.
    public func lines(width: Int?, ink: Ink) -> [String] {
        let widths = fitted(to: width)
        let head = ink.bold(line(headings, widths))
        return [head] + rows.map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() {
            let cut = cell.cut(to: widths[index])
            let isRight = alignments[index] == .right
            parts.append(
                isRight ? cut.leftPadded(to: widths[index]) : cut.padded(to: widths[index]))
        }
        return parts.joined(separator: "  ").trimmingBlanksAtEnd
    }

    private func fitted(to width: Int?) -> [Int] {
        var widths = headings.indices.map { index in
            ([headings[index]] + rows.map { $0[index] }).map(\.displayWidth).max() ?? 0
        }
        guard let width else { return widths }
        let gaps = 2 * (widths.count - 1)
        while widths.reduce(gaps, +) > width, let widest = widths.max(), widest > 8 {
            for index in widths.indices where widths[index] == widest { widths[index] -= 1 }
        }
        return widths
    }
}

extension String {
    /// The text without blanks at its end.
    var trimmingBlanksAtEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
