import Foundation

/// Lets what looks the same to the provider go one at a time.
///
/// While the fate of a message is looked for in the provider's list, no other with the same number and
/// text is on its way, which would be taken for it. The condition guards everything, which is what makes
/// it `Sendable`.
final class Turns: @unchecked Sendable {
    private let condition = NSCondition()
    private var taken: Set<String> = []

    /// Runs `body` while no other thread runs one for `name`.
    func alone<Value>(with name: String, _ body: () -> Value) -> Value {
        condition.lock()
        while !taken.insert(name).inserted { condition.wait() }
        condition.unlock()
        defer {
            condition.lock()
            taken.remove(name)
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
