import Glibc
import JSONLines

/// Its standard input, cut into lines in right and wrong ways.
struct FaultyInput {
    /// What came.
    enum Step {
        case line([UInt8])
        /// Nothing, for as long as was asked for.
        case silence
        case end
    }

    let fault: Fault
    private var splitter = LineSplitter(limit: 1 << 20)
    private var lines: [[UInt8]] = []
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(_ fault: Fault) { self.fault = fault }

    /// Whether everything that was read has been taken.
    var isDrained: Bool { lines.isEmpty }

    /// The next line; waits for `patience` milliseconds, below 0 for ever.
    mutating func next(patience: Int32) -> Step {
        while lines.isEmpty {
            var item = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if patience >= 0, poll(&item, 1, patience) == 0 { return .silence }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return .end }
            take(buffer[0..<count])
        }
        return .line(lines.removeFirst())
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        if fault == .mindsCarriageReturn, bytes.contains(0x0D) { exit(5) }
        if fault == .wantsWholeLines, bytes.last != 0x0A { return }
        splitter.append(bytes)
        while let line = splitter.next() {
            if case .complete(let line) = line { lines.append(line) }
        }
        if fault == .losesLines { lines = Array(lines.prefix(1)) }
        if fault == .dropsAtEnd, lines.count > 40 { exitWhereInputEnded() }
    }

    /// A pipe's reader is told by POLLHUP that nobody writes any more.
    private func exitWhereInputEnded() {
        var item = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
        if poll(&item, 1, 200) > 0 { exit(0) }
    }
}
