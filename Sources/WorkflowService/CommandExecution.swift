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
    let log: Logger
    /// Why nothing can be written now; nil where all is well.
    let writesRefused: CommandError?

    /// Executes what is not answered yet.
    func execute(_ run: MessageRun) throws {
        if run.isAtomic { return try executeAtomically(run) }
        for index in run.lines.indices {
            guard case .command(let request, let command) = run.lines[index] else { continue }
            run.lines[index] = try execute(request, command, for: run.caller, batch: nil)
        }
    }

    func context(_ request: Request?, _ batch: BatchScope?, for caller: Caller) -> CommandContext {
        CommandContext(
            turn: turn, runner: runner, clock: clock, gateway: gateway, identity: identity,
            caller: caller, ifRev: request?.ifRev, batch: batch)
    }

    // MARK: One line

    private func execute(
        _ request: Request, _ parsed: Result<any Command, CommandError>, for caller: Caller,
        batch: BatchScope?
    ) throws -> MessageRun.Line {
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
            return .answered(Reply(id: request.id, .failure(error)))
        } catch {
            // What is wrong with the store concerns the whole transaction.
            if StoreError(error) != nil { throw error }
            log.error("A command failed", metadata: ["op": "\(request.op)", "error": "\(error)"])
            return .answered(Reply(id: request.id, .failure(.unexpected)))
        }
    }

    private func write(_ request: Request, _ command: any Command, _ context: CommandContext)
        throws -> MessageRun.Line
    {
        if let replay = try replay(request) { return .answered(replay) }
        let result = try command.run(in: context)
        let line = try finish(request, result, seq: turn.head)
        if let key = request.key, case .answered(let reply) = line,
            case .success(let result) = reply.outcome
        {
            let stored: JSON = ["result": result, "seq": .integer(turn.head)]
            try turn.session.storeReply(
                key, command: request.fingerprint, reply: stored.text, at: turn.now)
        }
        return line
    }

    private func replay(_ request: Request) throws -> Reply? {
        let cutoff = turn.now - .hours(ProtocolLimits.keyHours)
        guard let key = request.key, let stored = try turn.session.storedReply(key, since: cutoff)
        else { return nil }
        guard stored.command == request.fingerprint else {
            throw CommandError(
                .keyMismatch, "This idempotency key was used for another command.",
                hint: "Use a new key for each command, and the same only to repeat it.", path: "key"
            )
        }
        let reply = try JSON(parsing: stored.reply)
        return Reply(
            id: request.id, .success(reply["result"] ?? .null), seq: reply["seq"]?.integer,
            replayed: true)
    }

    private func finish(_ request: Request, _ result: CommandResult, seq: Int64?) throws
        -> MessageRun.Line
    {
        switch result {
        case .done(let result):
            .answered(Reply(id: request.id, .success(.object(result)), seq: seq))
        case .waits(let waiting): .waiting(request, waiting)
        }
    }

    // MARK: Batches

    /// All lines or none: the first error undoes what came before it.
    private func executeAtomically(_ run: MessageRun) throws {
        do {
            try turn.attempt {
                let batch = BatchScope()
                for index in run.lines.indices {
                    if case .command(let request, let command) = run.lines[index] {
                        run.lines[index] = try execute(
                            request, command, for: run.caller, batch: batch)
                    }
                    try checkAtomic(run.lines[index], index)
                }
            }
        } catch let abort as BatchAbort {
            run.lines = run.lines.enumerated().map { index, line in
                .answered(
                    Reply(id: line.id, .failure(index == abort.index ? abort.error : abort.others)))
            }
        }
    }

    private func checkAtomic(_ line: MessageRun.Line, _ index: Int) throws {
        switch line {
        case .answered(let reply):
            if case .failure(let error) = reply.outcome {
                throw BatchAbort(index: index, error: error)
            }
        case .waiting, .command:
            throw BatchAbort(
                index: index,
                error: CommandError(
                    .invalidRequest, "A command that waits cannot be part of an atomic batch."))
        }
    }
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

extension MessageRun.Line {
    fileprivate var id: JSON? {
        switch self {
        case .command(let request, _), .waiting(let request, _): request.id
        case .answered(let reply): reply.id
        }
    }
}

extension Request {
    /// What has to be the same when an idempotency key is used again.
    fileprivate var fingerprint: String {
        ContentHash.text(of: "\(op) \(args.text) \(ifRev.map(String.init) ?? "")")
    }
}

extension CommandError {
    /// Something that nobody foresaw; nothing was done.
    static let unexpected = CommandError(
        .internalError, "The service failed at this command; nothing was done.",
        hint: "Its log says more.")

    /// The refusal of a write because of the store.
    init(_ error: StoreError) {
        switch error {
        case .full:
            self.init(
                .storageFull, "The disk is full; nothing was done.",
                hint: "Make room, then send it again.")
        case .readOnly:
            self.init(.storageFailed, "The database cannot be written; nothing was done.")
        case .busy:
            self.init(.storageFailed, "Another process holds the database; nothing was done.")
        case .corrupt:
            self.init(
                .storageFailed, "The database is damaged; nothing was done.",
                hint: "Restore a backup.")
        case .newerSchema:
            self.init(.storageFailed, "A later version of the program wrote the database.")
        case .failed(let code, _):
            self.init(
                .storageFailed, "The database failed with SQLite's code \(code); nothing was done.")
        case .body: self = .unexpected
        }
    }
}
