import Foundation
import Synchronization
import ZeroMQ

/// A ROUTER that answers each message with the same bytes and does nothing else: what the wire allows.
final class EchoServer: Sendable {
    let endpoint: String
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// Serves at `endpoint` on a thread of its own, with `reply` to each message.
    init(endpoint: String, reply: [UInt8]) {
        self.endpoint = endpoint
        let bound = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            try? serve(reply) { bound.signal() }
            ended.signal()
        }
        bound.wait()
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        ended.wait()
    }

    private func serve(_ reply: [UInt8], bound: () -> Void) throws {
        let context = Context()
        let socket = try Socket(context, .router)
        defer {
            socket.close()
            context.terminate()
        }
        try socket.bind(endpoint)
        bound()
        while !isStopping.load(ordering: .acquiring) {
            var items = [PollItem(.socket(socket), .readable)]
            _ = try poll(&items, timeout: .milliseconds(100))
            while let frames = try socket.receive(wait: false) {
                _ = try socket.send(Envelope(frames).reply(reply), wait: false)
            }
        }
    }
}
