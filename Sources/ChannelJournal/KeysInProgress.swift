import Foundation

/// The keys that some thread is sending now.
///
/// A host that waited in vain gives a message a second time while the first may still be on its way:
/// the second waits for the first, and then finds what came of it in the journal. The condition
/// guards everything, which is what makes it `Sendable`.
final class KeysInProgress: @unchecked Sendable {
    private let condition = NSCondition()
    private var keys: Set<String> = []

    /// Runs `body` while no other thread runs one for `key`.
    func alone<Value>(with key: String, _ body: () -> Value) -> Value {
        condition.lock()
        while !keys.insert(key).inserted { condition.wait() }
        condition.unlock()
        defer {
            condition.lock()
            keys.remove(key)
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
