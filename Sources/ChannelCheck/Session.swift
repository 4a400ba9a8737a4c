import ChannelHost
import Foundation
import JSONLines

/// One run of the channel: its child, what it was asked, and all that it wrote.
final class Session {
    let child: ChildProcess
    /// What it wrote.
    private(set) var record = Record()
    /// The check that it runs for.
    var check: String {
        get { record.check }
        set { record.check = newValue }
    }
    /// How many lines it wrote before its hello that are none of the protocol's.
    var straysBeforeHello = 0
    /// Its log text so far, line by line.
    private(set) var errorLines: [String] = []
    /// Whether its reports are acknowledged as they come.
    var acknowledgesReports = true
    private var outgoing: [UInt8] = []
    private var lines = LineSplitter(limit: 1 << 20)
    private var errorText = ErrorText()
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var lastID: Int64 = 0
    private let began = ContinuousClock.now

    /// Starts the channel in `folder`.
    init(_ options: CheckOptions, folder: String) throws(Verdict) {
        let settings = ChannelSettings(
            name: "checked", program: options.program, arguments: options.arguments,
            environment: options.environment, workingDirectory: folder)
        do {
            child = try ChildProcess(settings, endsGroup: false, wake: {})
        } catch {
            throw .skipped("No pipe could be made: \(error).")
        }
    }

    // MARK: Asking

    /// Asks, and returns the id that the answer has to have.
    @discardableResult
    func ask(_ op: String, _ members: JSONObject = [:], id: JSON? = nil) -> JSON {
        let (id, line) = request(op, members, id: id)
        write(line)
        return id
    }

    /// The line of a request, to be written by the caller.
    func request(_ op: String, _ members: JSONObject = [:], id: JSON? = nil) -> (
        id: JSON, line: [UInt8]
    ) {
        lastID += 1
        let id = id ?? .integer(lastID)
        var object: JSONObject = ["id": id, "op": .string(op)]
        for (name, value) in members.members { object[name] = value }
        var line: [UInt8] = []
        object.write(to: &line)
        line.append(0x0A)
        if op != "acknowledge" { record.expect(id) }
        return (id, line)
    }

    /// Writes `bytes` in one piece, as far as the pipe takes it; the rest goes while the channel is awaited.
    func write(_ bytes: [UInt8]) {
        outgoing += bytes
        flush()
    }

    /// Writes one byte after the other, each only when the channel has taken the one before, or does not
    /// for 20 ms.
    func trickle(_ bytes: [UInt8]) {
        for byte in bytes {
            write([byte])
            let limit = ContinuousClock.now + .milliseconds(20)
            while unread > 0, child.ending == nil, ContinuousClock.now < limit { sched_yield() }
        }
    }

    /// How many bytes stand in the channel's pipe.
    private var unread: Int32 {
        var count: Int32 = 0
        return ioctl(child.input, UInt(FIONREAD), &count) == 0 ? count : 0
    }

    private func flush() {
        while !outgoing.isEmpty, let count = child.write(outgoing[...]), count > 0 {
            outgoing.removeFirst(count)
        }
    }

    // MARK: Waiting

    /// Reads and writes until `condition` holds; false where `limit` passes or the channel ends first.
    func wait(_ limit: Duration, until condition: (Session) -> Bool) -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            let isOver = child.ending != nil
            readAll()
            if condition(self) { return true }
            if isOver || ContinuousClock.now >= end { return false }
            flush()
            poll(until: end)
        }
    }

    /// Waits for the pipes; in short turns, since the end of a child shows on none of them.
    private func poll(until end: ContinuousClock.Instant) {
        var items = [(child.output, POLLIN), (child.errors, POLLIN)]
        if !outgoing.isEmpty { items.append((child.input, POLLOUT)) }
        var polled = items.filter { $0.0 >= 0 }.map {
            pollfd(fd: $0.0, events: Int16($0.1), revents: 0)
        }
        let turn: Duration = child.output < 0 ? .milliseconds(2) : .milliseconds(20)
        let wait = min(turn, max(.zero, end - ContinuousClock.now))
        let milliseconds = Int32(wait / .milliseconds(1)) + 1
        Foundation.poll(&polled, nfds_t(polled.count), milliseconds)
    }

    private func readAll() {
        readOutput()
        readErrors()
    }

    /// Bytes that one round reads at most, so that no flood outlasts a limit.
    private static let readLimit = 1 << 20

    private func readOutput() {
        var total = 0
        while total < Self.readLimit, child.output >= 0 {
            switch ChildProcess.read(child.output, into: &buffer) {
            case .nothing: return
            case .end: child.closeOutput()
            case .bytes(let count):
                total += count
                lines.append(buffer[0..<count])
                while let line = lines.next() { take(line) }
            }
        }
    }

    private func readErrors() {
        var total = 0
        while total < Self.readLimit, child.errors >= 0 {
            switch ChildProcess.read(child.errors, into: &buffer) {
            case .nothing: return
            case .end: child.closeErrors()
            case .bytes(let count):
                total += count
                errorText.take(buffer[0..<count], at: ContinuousClock.now - began) {
                    errorLines.append($0)
                }
            }
        }
    }

    private func take(_ line: LineSplitter.Line) {
        let report = record.take(line)
        guard let report, acknowledgesReports else { return }
        acknowledge(report)
    }

    /// Tells the channel that its report is stored.
    func acknowledge(_ eventID: String) { ask("acknowledge", ["event_id": .string(eventID)]) }

    // MARK: End

    /// What it was like when it was over.
    struct End {
        /// How it ended; nil where it had to be ended by force.
        let ending: ChildProcess.Ending?
        /// The programs of what it had started and was still running.
        let leftBehind: [String]
        /// What it wrote behind its last whole line.
        let remainder: [UInt8]
    }

    /// Closes its input, waits for `limit` until it has ended, and ends by force what is left.
    func finish(within limit: Duration) -> End {
        acknowledgesReports = false
        child.closeInput()
        // As the host does: one that goes on answering is not ended over it, up to four times as long.
        let longest = ContinuousClock.now + limit * 4
        var answered = -1
        while record.answered != answered, child.ending == nil, ContinuousClock.now < longest {
            answered = record.answered
            let left = min(limit, longest - ContinuousClock.now)
            _ = wait(left) { $0.record.answered != answered }
        }
        return awaitEnd(.zero)
    }

    /// Sends it a signal, and otherwise as ``finish(within:)``.
    func end(bySignal signal: Int32, within limit: Duration) -> End {
        acknowledgesReports = false
        child.signalGroup(signal)
        return awaitEnd(limit)
    }

    private func awaitEnd(_ limit: Duration) -> End {
        _ = wait(limit) { _ in false }
        let ending = child.ending
        if ending == nil { child.signalGroup(SIGKILL) }
        let leftBehind = endAll()
        if ending == nil { _ = wait(.seconds(5)) { _ in false } }
        return End(ending: ending, leftBehind: leftBehind, remainder: lines.remainder())
    }

    /// Kills the channel and all that it started; returns the programs of what was left beside itself.
    private func endAll() -> [String] {
        guard let channel = child.process else { return [] }
        let left = Descendants.running(marked: child.mark, group: channel)
        for entry in left { kill(entry.process, SIGKILL) }
        return left.filter { $0.process != channel }.map(\.program)
    }

    /// The last line of its log text.
    var lastWords: String? { errorText.last }

    deinit { _ = endAll() }
}
