import Foundation
import JSONLines

/// Standard output, shared by the loop and by the threads that answer later.
///
/// Lines leave whole. While the loop works on what one read brought, it holds them back, so that they
/// leave in one write. The condition guards everything, which is what makes it `Sendable`.
final class ChannelOutput: @unchecked Sendable {
    private let condition = NSCondition()
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var isHeld = false
    private var open = 0
    private var drains: [JSON] = []

    init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

    /// So many more messages wait for their answers.
    func expect(_ count: Int) { locked { open += count } }

    /// Writes the answer to a message.
    func settle(_ id: JSON, _ answer: SendAnswer) {
        locked {
            append(id, answer.members)
            open -= 1
            precondition(open >= 0, "Each message has one answer.")
            guard open == 0 else { return }
            for id in drains { append(id, ["ok": true]) }
            drains = []
            condition.broadcast()
        }
    }

    /// Writes any other answer.
    func answer(_ id: JSON, _ members: JSONObject) { locked { append(id, members) } }

    /// Answers request `id` once no message waits any more.
    func drain(_ id: JSON) {
        locked { if open == 0 { append(id, ["ok": true]) } else { drains.append(id) } }
    }

    /// Writes what `write` appends.
    func write(_ write: (inout [UInt8]) -> Void) { locked { write(&bytes) } }

    /// Holds lines back until ``release()``.
    func hold() { locked { isHeld = true } }

    /// Writes what was held back.
    func release() { locked { isHeld = false } }

    /// Waits until all messages are answered.
    func waitUntilSettled() {
        condition.lock()
        while open > 0 { condition.wait() }
        condition.unlock()
    }

    private func locked(_ body: () -> Void) {
        condition.lock()
        defer { condition.unlock() }
        body()
        if !isHeld { flush() }
    }

    private func append(_ id: JSON, _ members: JSONObject) {
        var line: JSONObject = ["id": id]
        for (name, value) in members.members { line[name] = value }
        line.write(to: &bytes)
        bytes.append(0x0A)
    }

    /// Writes everything; where nobody reads any more, the process has no purpose and ends.
    private func flush() {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(0) }
            rest = rest.dropFirst(count)
        }
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    }
}
