import Dispatch

/// Runs the tasks that start and await children, on a thread apart from the shared pool.
///
/// The pool is as wide as there are cores: with every one of its threads busy or blocked, no child
/// would be started, and no end of one noticed.
final class ChildExecutor: TaskExecutor {
    static let shared = ChildExecutor()
    private let queue = DispatchQueue(label: "channels.children")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
