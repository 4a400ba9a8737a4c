import JSONLines
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// One operation of the protocol: its arguments, read and checked, and what it does.
protocol Command: SendableMetatype {
    /// Its name, `noun.verb`.
    static var op: String { get }
    /// Whether it changes anything.
    static var isWrite: Bool { get }
    /// Whether it understands `if_rev`.
    static var takesRevision: Bool { get }

    /// Reads the arguments; whoever calls finishes the reader.
    init(_ args: inout ObjectReader) throws(FieldError)

    /// Does it within the open transaction. Where it throws, all that it did is undone.
    func run(in context: CommandContext) throws -> CommandResult

    /// Whose fields its result tells, once it is done: where they are erased, what is kept of the result for
    /// those who repeat the command with its idempotency key tells them no more.
    func told(in context: CommandContext) throws -> ReplySubject?

    /// The result that a repetition is answered with, where `kept` was that of the first.
    func repeated(_ kept: JSON, in context: CommandContext) throws -> JSON
}

extension Command {
    static var isWrite: Bool { true }
    static var takesRevision: Bool { false }

    func told(in context: CommandContext) throws -> ReplySubject? { nil }
    func repeated(_ kept: JSON, in context: CommandContext) throws -> JSON { kept }
}

/// What a command came to.
enum CommandResult {
    /// It is done, with this result.
    case done(JSONObject)
    /// Its reply comes later, when what it waits for has happened.
    case waits(Waiting)
}

/// What a command waits for.
enum Waiting {
    /// New events behind a position, until a moment of real time.
    case events(EventsRead, until: Duration)
    /// The simulated clock at a moment.
    case clock(Instant)
}

/// What commands work with.
struct CommandContext {
    let turn: Turn
    let runner: EnrollmentRunner
    let clock: ServiceClock
    let gateway: any ChannelGateway
    let vitals: Vitals
    let identity: ServiceIdentity
    /// Who sent the command.
    let caller: Caller
    /// The revision that the client has seen, where it said so.
    let ifRev: Int?
    /// The atomic batch that the command belongs to, if any.
    let batch: BatchScope?

    var session: StoreSession { turn.session }
    var catalog: Catalog { turn.catalog }
    var contacts: ContactBook { ContactBook(turn: turn, runner: runner) }
    var enroller: Enroller { Enroller(turn: turn, runner: runner) }

    /// The workflow called `id`.
    func workflow(_ id: String, path: String = "args.workflow") throws -> StoredWorkflow {
        if let workflow = catalog.workflow(id) { return workflow }
        let near = Spelling.nearest(to: id, among: Array(catalog.workflows.keys))
        throw CommandError(
            .notFound, "There is no such workflow.", hint: near.map { "Did you mean \"\($0)\"?" },
            path: path)
    }

    /// Refuses where the client has seen another revision of `workflow` than the current one.
    ///
    /// Within an atomic batch the revision before the batch is as good.
    func checkRevision(of workflow: StoredWorkflow) throws {
        if let ifRev, ifRev == batch?.revisionBefore(workflow) { return }
        try checkRevision(workflow.rev)
    }

    /// Refuses where the client has seen another revision than `rev`.
    func checkRevision(_ rev: Int) throws {
        guard let ifRev, ifRev != rev else { return }
        throw CommandError(
            .revMismatch, "Somebody has changed it meanwhile.",
            hint: "Read it again, and send if_rev \(rev) once your change fits.", path: "if_rev",
            details: ["rev": .integer(Int64(rev))])
    }
}

/// What an atomic batch has changed so far.
final class BatchScope {
    private var revisions: [Int64: Int] = [:]
    private var versions: [Int64: Int64] = [:]
    private var enrollments = 0

    /// Refuses more enrollments than a batch may have: it is executed in one piece, while others wait.
    func count(enrollments count: Int) throws(CommandError) {
        enrollments += count
        guard enrollments > ProtocolLimits.bulkEnrollments else { return }
        throw CommandError(
            .tooLarge,
            "An atomic batch enrolls \(ProtocolLimits.bulkEnrollments) contacts at most.",
            hint: "Send more of them in several messages.")
    }

    func began(_ workflow: StoredWorkflow) {
        if revisions[workflow.id] == nil { revisions[workflow.id] = workflow.rev }
    }

    func made(_ workflow: StoredWorkflow) { versions[workflow.id] = workflow.version }

    func hasVersion(of workflow: StoredWorkflow) -> Bool {
        versions[workflow.id] == workflow.version
    }

    func revisionBefore(_ workflow: StoredWorkflow) -> Int? { revisions[workflow.id] }

    /// An enrollment pins the versions as they are now: later changes need new ones.
    func pinVersions() { versions = [:] }
}

/// What names this service and its feed.
public struct ServiceIdentity: Hashable, Sendable {
    /// The data directory's own name, the beginning of every idempotency key that channels get.
    public let instance: String
    /// The feed's epoch; it changes when a backup is restored.
    public let epoch: String
    /// The service's public key in Z85, where it has one.
    public internal(set) var serverKey: String?
}

/// All operations.
enum CommandTable {
    static let all: [any Command.Type] =
        WorkflowCommands.all + StepCommands.all + EnrollmentCommands.all + TemplateCommands.all
        + ExecutionCommands.all + FactCommands.all + KeyCommands.all + SystemCommands.all
        + OperationCommands.all

    static let byOp: [String: any Command.Type] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.op, $0) })

    /// Reads the arguments of `request`.
    /// - Throws: ``CommandError`` about the first offence.
    static func command(_ request: Request) throws(CommandError) -> any Command {
        guard let type = byOp[request.op] else {
            let near = Spelling.nearest(to: request.op, among: Array(byOp.keys))
            throw CommandError(
                .unknownOp, "There is no such command.",
                hint: near.map { "Did you mean \"\($0)\"?" } ?? "system.hello lists all commands.",
                path: "op")
        }
        if request.ifRev != nil, !type.takesRevision {
            throw CommandError(
                .unknownField, "This command takes no revision.", hint: "Leave out if_rev.",
                path: "if_rev")
        }
        do {
            var reader = try ObjectReader(request.args, at: "args")
            let command = try type.init(&reader)
            try reader.finish()
            return command
        } catch {
            var refusal = CommandError(error)
            refusal.hint = error.hint ?? otherName(for: error, in: request)
            throw refusal
        }
    }

    /// What to say where an id stands under another name: contacts have an `id`, a workflow is called
    /// `workflow`, a template `template`.
    private static func otherName(for error: FieldError, in request: Request) -> String? {
        guard error.kind == .missing, error.path.hasPrefix("args.") else { return nil }
        let noun = String(request.op.prefix { $0 != "." })
        let missing = String(error.path.dropFirst("args.".count))
        let given = missing == "id" ? noun : "id"
        guard missing == "id" || missing == noun, request.args[given]?.string != nil else {
            return nil
        }
        return "This command calls it \"\(missing)\", not \"\(given)\"."
    }
}
