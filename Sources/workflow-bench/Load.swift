import Foundation
import Synchronization
import WorkflowClient
import ZeroMQ

/// Clients that send messages for a time, each on a thread of its own, and count the replies.
struct Load {
    /// How a client works.
    enum Kind {
        /// One message, one reply.
        case request
        /// So many messages on their way at once.
        case pipelined(Int)
    }

    let endpoint: String
    let kind: Kind
    let duration: Duration
    /// What each client sends, in turn and again from the start.
    let messages: [[[UInt8]]]

    /// What came of a load.
    struct Result {
        /// Replies a second, over all clients.
        let rate: Double
        /// Replies in all, those of the warm-up too.
        let replies: Int
        /// Of the round trips of REQ clients, in microseconds; nil of the pipelined.
        let median: Double?
        /// As ``median``, the 99th of a hundred.
        let p99: Double?
    }

    /// Runs all clients until the time is over.
    /// - Throws: ``ClientError`` where a client got no answer, or a refusal.
    func run() throws(ClientError) -> Result {
        let context = Context()
        let outcomes = Mutex<[Swift.Result<Outcome, ClientError>]>([])
        let deadline = ContinuousClock.now + Load.warmUp + duration
        DispatchQueue.concurrentPerform(threads: messages.count) { client in
            let outcome = exchange(context, messages[client], until: deadline)
            outcomes.withLock { $0.append(outcome) }
        }
        context.terminate()
        let all = try outcomes.withLock { $0 }.map { outcome throws(ClientError) in
            try outcome.get()
        }
        let times = all.flatMap(\.roundTrips).sorted()
        return Result(
            rate: Double(all.reduce(0) { $0 + $1.counted }) / duration.seconds,
            replies: all.reduce(0) { $0 + $1.replies },
            median: times.quantile(0.5), p99: times.quantile(0.99))
    }

    /// Replies in this time are not counted: clients connect, caches fill.
    private static let warmUp = Duration.milliseconds(300)

    private struct Outcome {
        var replies = 0
        var counted = 0
        var roundTrips: [Double] = []
    }

    private func exchange(
        _ context: Context, _ messages: [[UInt8]], until deadline: ContinuousClock.Instant
    ) -> Swift.Result<Outcome, ClientError> {
        do {
            let socket = try Socket(context, kind.socket)
            defer { socket.close() }
            try socket.set(.receiveTimeout(.seconds(10)))
            try socket.connect(endpoint)
            return .success(try exchange(socket, messages, until: deadline))
        } catch let error as ClientError {
            return .failure(error)
        } catch {
            return .failure(.endpoint(endpoint, reason: "\(error)"))
        }
    }

    private func exchange(
        _ socket: Socket, _ messages: [[UInt8]], until deadline: ContinuousClock.Instant
    ) throws -> Outcome {
        var outcome = Outcome()
        var sent = 0
        while sent < kind.inFlight {
            try socket.send([messages[sent % messages.count]])
            sent += 1
        }
        let start = deadline - duration
        var last = ContinuousClock.now
        while last < deadline {
            try check(socket.receive())
            let now = ContinuousClock.now
            outcome.replies += 1
            if now >= start, now < deadline {
                outcome.counted += 1
                if case .request = kind { outcome.roundTrips.append((now - last).seconds * 1e6) }
            }
            last = now
            try socket.send([messages[sent % messages.count]])
            sent += 1
        }
        return outcome
    }

    private func check(_ frames: [[UInt8]]?) throws(ClientError) {
        guard let reply = frames?.last else { throw .noAnswer(endpoint) }
        guard reply.prefix(40).contains(Load.ok) else {
            throw .reply(String(decoding: reply.prefix(200), as: UTF8.self))
        }
    }

    /// What every reply says near its beginning that is no refusal.
    private static let ok = Array(#""ok":true"#.utf8)
}

extension Load.Kind {
    fileprivate var socket: Socket.Kind {
        switch self {
        case .request: .request
        case .pipelined: .dealer
        }
    }

    fileprivate var inFlight: Int {
        switch self {
        case .request: 1
        case .pipelined(let count): count
        }
    }
}

extension DispatchQueue {
    /// Runs `body` on `count` threads of their own and waits for all: clients block, and a pool is
    /// only as wide as the cores.
    static func concurrentPerform(threads count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(number)
                group.leave()
            }
        }
        group.wait()
    }
}
