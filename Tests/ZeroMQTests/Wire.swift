import Foundation
import ZeroMQ

/// A router on a free port of the loopback interface, and peers of it, all on the test's thread.
struct Wire {
    let context = Context()
    let router: Socket
    let endpoint: String

    /// How long a test waits for what must come.
    static let patience = Duration.seconds(60)

    init(_ options: SocketOption..., at address: String = "tcp://127.0.0.1:*") throws {
        router = try Socket(context, .router)
        for option in options { try router.set(option) }
        try router.set(.receiveTimeout(Wire.patience))
        try router.bind(address)
        endpoint = router.lastEndpoint
    }

    func peer(_ kind: Socket.Kind, _ options: SocketOption...) throws -> Socket {
        let peer = try Socket(context, kind)
        try peer.set(.receiveTimeout(Wire.patience), .sendTimeout(Wire.patience))
        for option in options { try peer.set(option) }
        try peer.connect(endpoint)
        return peer
    }

    /// Answers the next message with how many frames its body has, and the last of them.
    @discardableResult
    func answerOne() throws -> Envelope? {
        guard let frames = try router.receive() else { return nil }
        let envelope = Envelope(frames)
        let answer = bytes("\(envelope.body.count):") + (envelope.body.last ?? [])
        try router.send(envelope.reply(answer))
        return envelope
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Tries `attempt` until it says true or patience ends; each try must itself wait a little.
func eventually(_ attempt: () throws -> Bool) rethrows -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) < Wire.patience {
        if try attempt() { return true }
    }
    return false
}

/// Runs `body` on a thread of its own, and returns its result when it has ended.
func onAnotherThread<T: Sendable>(_ body: @escaping @Sendable () -> T) -> Pending<T> {
    let pending = Pending<T>()
    Thread { pending.finish(body()) }.start()
    return pending
}

/// The result of another thread's work, waited for.
final class Pending<T: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var result: T?

    func finish(_ value: T) {
        condition.withLock {
            result = value
            condition.broadcast()
        }
    }

    func value() -> T? {
        condition.withLock {
            let limit = Date(timeIntervalSinceNow: 60)
            while result == nil, condition.wait(until: limit) {}
            return result
        }
    }
}
