import JSONLines
import Logging
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Executes the lines of messages within an open turn.
struct CommandExecution {
    let turn: Turn
    let runner: EnrollmentRunner
    let clock: ServiceClock
    let gateway: any ChannelGateway
    let identity: ServiceIdentity
    let vitals: Vitals
    let log: Logger
    /// Why nothing can be written now; nil where all is well.
    let writesRefused: CommandError?

    /// Executes lines of `run` until it has no more or `isOver`, at least one; an atomic batch as a whole.
    func execute(_ run: MessageRun, until isOver: () -> Bool) throws {
        if run.isAtomic { return try executeAtomically(run) }
        repeat {
            guard let (index, text) = run.begin() else { return }
            keep(try execute(text, of: run, batch: nil), index, run)
        } while !isOver()
    }

    private func keep(_ outcome: LineOutcome, _ index: Int, _ run: MessageRun) {
        switch outcome {
        case .answered(let reply): run.answer(index, reply)
        case .waits(let request, let waiting): run.wait(index, request, for: waiting)
        }
    }

    func context(_ request: Request?, _ batch: BatchScope?, for caller: Caller) -> CommandContext {
        CommandContext(
            turn: turn, runner: runner, clock: clock, gateway: gateway, vitals: vitals,
            identity: identity, caller: caller, ifRev: request?.ifRev, batch: batch)
    }

    // MARK: One line

    private func execute(_ text: ArraySlice<UInt8>, of run: MessageRun, batch: BatchScope?) throws
        -> LineOutcome
    {
        switch LineReading(text) {
        case .refused(let reply): return .answered(reply)
        case .command(let request, let command):
            guard run.replyBytes < ProtocolLimits.replyBytes else {
                return .answered(Reply(id: request.id, .failure(.replyTooLong), op: request.op))
            }
            return try execute(request, command, for: run.caller, batch: batch)
        }
    }

    private func execute(
        _ request: Request, _ parsed: Result<any Command, CommandError>, for caller: Caller,
        batch: BatchScope?
    ) throws -> LineOutcome {
        do {
            try Authorization(session: turn.session).check(caller, may: request.op)
            let command = try parsed.get()
            let context = context(request, batch, for: caller)
            let isWrite = type(of: command).isWrite
            if isWrite, let writesRefused { throw writesRefused }
            guard isWrite else {
                return try finish(request, try command.run(in: context), seq: nil)
            }
            return try turn.attempt { try write(request, command, context) }
        } catch let error as CommandError {
            return .answered(Reply(id: request.id, .failure(error), op: request.op))
        } catch {
            // What is wrong with the store concerns the whole transaction.
            if StoreError(error) != nil { throw error }
            log.error("A command failed", metadata: ["op": "\(request.op)", "error": "\(error)"])
            return .answered(Reply(id: request.id, .failure(.unexpected), op: request.op))
        }
    }

    private func write(_ request: Request, _ command: any Command, _ context: CommandContext)
        throws -> LineOutcome
    {
        if let replay = try replay(request, command, context) { return .answered(replay) }
        let result = try command.run(in: context)
        let line = try finish(request, result, seq: turn.head)
        if let key = request.key, case .answered(let reply) = line,
            case .success(let result) = reply.outcome
        {
            let stored: JSON = ["result": result, "seq": .integer(turn.head)]
            try turn.session.storeReply(
                key, command: request.fingerprint, reply: stored.text, at: turn.now,
                telling: try command.told(in: context))
        }
        return line
    }

    private func replay(_ request: Request, _ command: any Command, _ context: CommandContext)
        throws -> Reply?
    {
        let cutoff = turn.now - .hours(ProtocolLimits.keyHours)
        guard let key = request.key, let stored = try turn.session.storedReply(key, since: cutoff)
        else { return nil }
        guard request.isSame(as: stored.command) else {
            throw CommandError(
                .keyMismatch, "This idempotency key was used for another command.",
                hint: "Use a new key for each command, and the same only to repeat it.", path: "key"
            )
        }
        let reply = try JSON(parsing: stored.reply)
        let result = try command.repeated(reply["result"] ?? .null, in: context)
        return Reply(
            id: request.id, .success(result), seq: reply["seq"]?.integer,
            replayed: true, op: request.op)
    }

    private func finish(_ request: Request, _ result: CommandResult, seq: Int64?) throws
        -> LineOutcome
    {
        switch result {
        case .done(let result):
            .answered(
                Reply(id: request.id, .success(.object(result)), seq: seq, op: request.op))
        case .waits(let waiting): .waits(request, waiting)
        }
    }

    // MARK: Batches

    /// All lines or none: the first error undoes what came before it.
    private func executeAtomically(_ run: MessageRun) throws {
        do {
            try turn.attempt {
                let batch = BatchScope()
                while let (index, text) = run.begin() {
                    let outcome = try execute(text, of: run, batch: batch)
                    try checkAtomic(outcome, index)
                    keep(outcome, index, run)
                }
            }
        } catch let abort as BatchAbort {
            run.rewind()
            while let (index, _) = run.begin() {
                let error = index == abort.index ? abort.error : abort.others
                let (id, op) = run.head(of: index)
                run.answer(index, Reply(id: id, .failure(error), op: op))
            }
        }
    }

    private func checkAtomic(_ outcome: LineOutcome, _ index: Int) throws {
        switch outcome {
        case .answered(let reply):
            if case .failure(let error) = reply.outcome {
                throw BatchAbort(index: index, error: error)
            }
        case .waits:
            throw BatchAbort(
                index: index,
                error: CommandError(
                    .invalidRequest, "A command that waits cannot be part of an atomic batch."))
        }
    }
}

/// What came of one line.
private enum LineOutcome {
    case answered(Reply)
    /// Its reply comes later.
    case waits(Request, Waiting)
}

/// Ends an atomic batch.
private struct BatchAbort: Error {
    let index: Int
    let error: CommandError

    /// What the other lines are answered with.
    var others: CommandError {
        CommandError(
            .batchAborted,
            "Line \(index + 1) of the atomic batch was refused, so nothing was done.",
            details: ["line": .integer(Int64(index + 1)), "cause": .string(error.code.rawValue)])
    }
}

extension Request {
    /// What has to be the same when an idempotency key is used again, whatever the order of members.
    fileprivate var fingerprint: String { fingerprint(of: args.canonicalText) }

    /// Whether `stored` is the fingerprint of this command; programs up to 0.3.0 stored it with the
    /// members in the order of the first command.
    fileprivate func isSame(as stored: String) -> Bool {
        stored == fingerprint || stored == fingerprint(of: args.text)
    }

    private func fingerprint(of args: String) -> String {
        ContentHash.text(of: "\(op) \(args) \(ifRev.map(String.init) ?? "")")
    }
}

extension CommandError {
    /// Something that nobody foresaw; nothing was done.
    static let unexpected = CommandError(
        .internalError, "The service failed at this command; nothing was done.",
        hint: "Its log says more.")

    /// A line behind others whose answers are long enough already.
    fileprivate static let replyTooLong = CommandError(
        .tooLarge, "The lines before this one fill the reply, so this one was not executed.",
        hint: "Send fewer reading commands in one message.")

    /// The refusal of a write because of the store.
    init(_ error: StoreError) {
        switch error {
        case .full:
            self.init(
                .storageFull, "The disk is full; nothing was done.",
                hint: "Make room, then send it again.")
        case .readOnly:
            self.init(
                .storageFailed, "The database cannot be written; nothing was done.",
                hint:
                    "Check the disk and the permissions of the data directory; then send it again.")
        case .busy:
            self.init(
                .storageFailed, "Another process holds the database; nothing was done.",
                hint: "Send it again in a second.")
        case .takenAway:
            self.init(
                .storageFailed,
                "The database's file was moved, removed or replaced under the service; nothing was done.",
                hint: "Do not stop the service, which still has it open; see storage.md.")
        case .corrupt:
            self.init(
                .storageFailed, "The database is damaged; nothing was done.",
                hint: "Restore a backup.")
        case .newerSchema:
            self.init(.storageFailed, "A later version of the program wrote the database.")
        case .failed(let code, _):
            self.init(
                .storageFailed, "The database failed with SQLite's code \(code); nothing was done.",
                hint: "See the service's log, and check the disk; then send it again.")
        case .body: self = .unexpected
        }
    }
}
