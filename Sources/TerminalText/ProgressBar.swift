/// How far something has come, as one line that is drawn over and over.
public struct ProgressBar {
    private let total: Int
    private let width: Int

    /// A bar for `total` pieces on a terminal of `width` columns.
    public init(total: Int, width: Int) {
        self.total = total
        self.width = width
    }

    /// The line for `done` pieces after `seconds`, without what leads the cursor back.
    public func line(done: Int, seconds: Double, note: String = "") -> String {
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let percent = "\(Int(share * 100))%".leftPadded(to: 4)
        let counts = "\(done.grouped)/\(total.grouped)"
        let tail = [percent, counts, remaining(done, seconds), note].filter { !$0.isEmpty }
            .joined(separator: "  ")
        let room = min(40, width - tail.displayWidth - 3)
        guard room >= 5 else { return tail.cut(to: width) }
        let full = Int(share * Double(room))
        let bar =
            String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
        return "\(bar)  \(tail)"
    }

    private func remaining(_ done: Int, _ seconds: Double) -> String {
        guard done > 0, done < total, seconds > 1 else { return "" }
        let left = Int((seconds / Double(done) * Double(total - done)).rounded(.up))
        return left < 60 ? "\(left) s left" : "\(left / 60) min \(left % 60) s left"
    }
}

extension Int {
    /// The number with a comma between groups of three digits.
    public var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return self < 0 ? "-\(text)" : text
    }
}
