import DequeModule
import WorkflowProtocol

/// Messages that wait for their turn: those of one client in their order, the clients one after the
/// other.
///
/// Who sends much waits behind himself, and others behind one slice of his work. What waits is bounded
/// in bytes, for each client and in all.
struct Inbox {
    private struct Client: Hashable {
        let caller: Caller
        let name: [UInt8]
    }

    private final class Backlog {
        let client: Client
        var runs: Deque<MessageRun> = []
        var bytes = 0

        init(_ client: Client) { self.client = client }
    }

    private var backlogs: [Client: Backlog] = [:]
    /// The clients that have messages here, in the order of their turns.
    private var rotation: Deque<Backlog> = []
    private var bytes = 0

    /// What a message takes besides its own bytes, roughly.
    private static let overhead = 512

    /// Whether nothing waits.
    var isEmpty: Bool { rotation.isEmpty }

    /// Takes `run` in.
    /// - Returns: false where there is no room for it.
    mutating func add(_ run: MessageRun) -> Bool {
        let client = Client(caller: run.caller, name: run.envelope.first ?? [])
        let size = run.bytes + Inbox.overhead
        let known = backlogs[client]
        guard bytes + size <= ProtocolLimits.queueBytes,
            (known?.bytes ?? 0) + size <= ProtocolLimits.clientQueueBytes
        else { return false }
        let backlog = known ?? enter(client)
        backlog.runs.append(run)
        backlog.bytes += size
        bytes += size
        return true
    }

    private mutating func enter(_ client: Client) -> Backlog {
        let backlog = Backlog(client)
        backlogs[client] = backlog
        rotation.append(backlog)
        return backlog
    }

    /// The first message of the client whose turn it is.
    var front: MessageRun? { rotation.first?.runs.first }

    /// Lets the next client have its turn; the front message leaves where it is executed.
    mutating func rotate() {
        guard let backlog = rotation.popFirst() else { return }
        if backlog.runs.first?.isExecuted == true { removeFirst(backlog) }
        if backlog.runs.isEmpty {
            backlogs[backlog.client] = nil
        } else {
            rotation.append(backlog)
        }
    }

    /// Takes out what this turn refused as a whole before all of its slices were done.
    mutating func dropRefused() {
        for backlog in rotation {
            guard let run = backlog.runs.first, run.isInTurn, run.isExecuted else { continue }
            removeFirst(backlog)
            if backlog.runs.isEmpty { backlogs[backlog.client] = nil }
        }
        rotation.removeAll { $0.runs.isEmpty }
    }

    private mutating func removeFirst(_ backlog: Backlog) {
        let size = backlog.runs.removeFirst().bytes + Inbox.overhead
        backlog.bytes -= size
        bytes -= size
    }

    /// Takes everything out.
    mutating func removeAll() -> [MessageRun] {
        defer { self = Inbox() }
        return rotation.flatMap(\.runs)
    }
}
