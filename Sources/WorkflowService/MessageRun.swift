import JSONLines
import WorkflowEngine
import WorkflowProtocol
import WorkflowStore

/// One message of commands on its way to its one reply.
///
/// Its lines are read only when their turn comes, and answers are kept as bytes: a message that waits
/// takes little more memory than it came with.
final class MessageRun {
    /// What is done with one line.
    enum Line {
        /// Not executed yet.
        case unread
        case answered(Answer)
        case waiting(Request, Waiting)
    }

    /// The answer to one line.
    struct Answer {
        /// The bytes of it, with their end.
        let bytes: [UInt8]
        /// What it answers, for counting; nil where that is no command.
        let op: String?
        /// Why it was refused; nil where it was done.
        let refusal: ErrorCode?

        init(_ reply: Reply) {
            var bytes: [UInt8] = []
            reply.write(to: &bytes)
            self.bytes = bytes
            op = reply.op
            if case .failure(let error) = reply.outcome {
                refusal = error.code
            } else {
                refusal = nil
            }
        }
    }

    let envelope: [[UInt8]]
    let caller: Caller
    let isAtomic: Bool
    /// How many bytes of what came in are kept.
    let bytes: Int
    private(set) var lines: [Line]
    /// Bytes of the answers so far.
    private(set) var replyBytes = 0
    /// The lines as they came; none once they are not needed any more.
    private var texts: [ArraySlice<UInt8>]
    /// How many lines were begun.
    private(set) var begun = 0
    /// How many lines had been begun when this turn came; nil between turns.
    private var mark: Int?
    /// How many lines had been begun at most in this turn, be it that they are to be executed again.
    private var furthest = 0

    init(_ message: IncomingMessage) {
        envelope = message.envelope
        caller = message.caller
        do {
            (isAtomic, texts) = try LineReading.split(message)
            bytes = message.body?.count ?? 0
            lines = Array(repeating: .unread, count: texts.count)
        } catch {
            isAtomic = false
            bytes = 0
            texts = []
            lines = [.unread]
            begun = 1
            answer(0, Reply(id: nil, .failure(error)))
        }
    }

    /// Whether every line has been executed; some may wait for what is to come.
    var isExecuted: Bool { begun == lines.count }

    var isWaiting: Bool {
        lines.contains { if case .answered = $0 { false } else { true } }
    }

    /// The reply, once every line is answered.
    var reply: OutgoingMessage {
        OutgoingMessage(envelope: envelope, body: body, caller: caller)
    }

    private var body: [UInt8] {
        if lines.count == 1, case .answered(let answer) = lines[0] { return answer.bytes }
        var body: [UInt8] = []
        body.reserveCapacity(replyBytes)
        for answer in answers { body += answer.bytes }
        return body
    }

    /// The answers that there are.
    var answers: some Sequence<Answer> {
        lines.lazy.compactMap { if case .answered(let answer) = $0 { answer } else { nil } }
    }

    // MARK: Execution

    /// The next line that is not executed, and its place; from now on it counts as executed.
    func begin() -> (index: Int, text: ArraySlice<UInt8>)? {
        guard begun < lines.count else { return nil }
        begun += 1
        return (begun - 1, texts[begun - 1])
    }

    func answer(_ index: Int, _ reply: Reply) {
        let answer = Answer(reply)
        replyBytes += answer.bytes.count
        lines[index] = .answered(answer)
    }

    func wait(_ index: Int, _ request: Request, for waiting: Waiting) {
        lines[index] = .waiting(request, waiting)
    }

    /// Answers all lines that are not answered yet with `error`.
    func refuse(_ error: CommandError) {
        for (index, line) in lines.enumerated() {
            switch line {
            case .answered: continue
            case .unread:
                let (id, op) = head(of: index)
                answer(index, Reply(id: id, .failure(error), op: op))
            case .waiting(let request, _):
                answer(index, Reply(id: request.id, .failure(error), op: request.op))
            }
        }
        begun = lines.count
    }

    /// The id and the op of the command in line `index`, where they can be read.
    func head(of index: Int) -> (id: JSON?, op: String?) { LineReading.head(of: texts[index]) }

    // MARK: Turns

    /// Notes that a turn works on it: ``rewind()`` goes back to here.
    /// - Returns: false where that was noted before.
    func beginTurn() -> Bool {
        guard mark == nil else { return false }
        mark = begun
        return true
    }

    /// Whether the turn at hand works on it.
    var isInTurn: Bool { mark != nil }

    /// Forgets what the lines were answered with in this turn: it was undone.
    /// - Returns: how many lines had been begun in this turn, the most where it went back before.
    @discardableResult
    func rewind() -> Int {
        furthest = max(furthest, begun)
        for index in (mark ?? begun)..<begun {
            if case .answered(let answer) = lines[index] { replyBytes -= answer.bytes.count }
            lines[index] = .unread
        }
        begun = mark ?? begun
        return furthest
    }

    /// Notes that what the turn did is committed.
    func endTurn() {
        mark = nil
        furthest = 0
        if isExecuted { texts = [] }
    }
}

/// A message as it came in, its envelope apart.
public struct IncomingMessage: Sendable {
    /// The frames that have to stand before the reply, as they came.
    public let envelope: [[UInt8]]
    /// The lines; nil where the frames have another shape.
    public let body: [UInt8]?
    /// Who sent it.
    public let caller: Caller

    /// A message of `body` from the client behind `envelope`.
    public init(envelope: [[UInt8]], body: [UInt8]?, caller: Caller = .local) {
        self.envelope = envelope
        self.body = body
        self.caller = caller
    }
}

/// A reply and whom it is for.
public struct OutgoingMessage: Sendable {
    /// The frames before the body.
    public let envelope: [[UInt8]]
    /// One line for each command, in order.
    public let body: [UInt8]
    /// Whom it is for.
    public let caller: Caller
}
