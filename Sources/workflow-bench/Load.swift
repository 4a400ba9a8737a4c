import Foundation
import Synchronization
import ZeroMQ

/// Clients that send the same message again and again for a time, and count the replies.
struct Load {
    /// How a client works.
    enum Kind {
        /// One message, one reply.
        case request
        /// So many messages on their way at once.
        case pipelined(Int)
    }

    let endpoint: String
    let clients: Int
    let kind: Kind
    let seconds: Int
    /// The message of each client and turn.
    let message: @Sendable (_ client: Int, _ turn: Int) -> [UInt8]

    /// Replies a second, over all clients.
    func run() -> Double {
        let total = Atomic<Int>(0)
        let context = Context()
        let start = ContinuousClock.now
        let deadline = start + .seconds(seconds)
        DispatchQueue.concurrentPerform(threads: clients) { client in
            let count = (try? exchange(context, client, until: deadline)) ?? 0
            total.add(count, ordering: .relaxed)
        }
        context.terminate()
        return Double(total.load(ordering: .relaxed)) / (ContinuousClock.now - start).seconds
    }

    private func exchange(
        _ context: Context, _ client: Int, until deadline: ContinuousClock.Instant
    ) throws
        -> Int
    {
        let socket = try Socket(context, kind.socket)
        defer { socket.close() }
        try socket.set(.linger(.zero), .receiveTimeout(.seconds(10)))
        try socket.connect(endpoint)
        var turn = 0
        for _ in 0..<kind.inFlight {
            try socket.send([message(client, turn)])
            turn += 1
        }
        var replies = 0
        while ContinuousClock.now < deadline, try socket.receive() != nil {
            replies += 1
            try socket.send([message(client, turn)])
            turn += 1
        }
        return replies
    }
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
    /// Runs `body` on `count` threads of their own and waits for all: clients block, and a pool is only as
    /// wide as the cores.
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
