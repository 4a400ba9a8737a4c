import Foundation

/// What `body` returns on a thread with a sixteenth of the stack that a program has, so that no depth
/// grows with what a definition may hold many of.
func onSmallStack<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
    -> Value
{
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: body)) }
        thread.stackSize = 512 << 10
        thread.start()
    }
}
