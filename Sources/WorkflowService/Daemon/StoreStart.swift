import Logging
import WorkflowStore

/// What the start does with the store, with patience for a full disk and a word for everything else.
///
/// Who ended on a full disk would be started again and again by its supervisor, and after some attempts
/// not at all; so it waits for room instead.
struct StoreStart {
    let directory: DataDirectory
    let log: Logger
    /// Waits so long at most; whether the start is to be given up.
    let isStopping: (Duration) -> Bool

    /// Between two attempts.
    private static let pause = Duration.seconds(1)

    /// What `body` returns, once there is room for it; nil where the start is given up before.
    /// - Throws: ``StartError`` where the store fails for another reason.
    func run<T>(_ body: () throws -> T) throws -> T? {
        var isFirst = true
        while true {
            do {
                return try body()
            } catch let error as StoreError {
                guard error.isFull else { throw StartError(error, in: directory) }
            }
            if isFirst {
                log.error(
                    "The disk is full; the start waits for room",
                    metadata: ["data": "\(directory.path)"])
            }
            isFirst = false
            if isStopping(StoreStart.pause) { return nil }
        }
    }
}

extension StartError {
    fileprivate init(_ error: StoreError, in directory: DataDirectory) {
        switch error {
        case .newerSchema: self = .databaseNewer(directory.path)
        case .corrupt(let reason): self = .databaseDamaged(directory.path, reason: reason)
        case .busy: self = .databaseHeld(directory.path)
        case .failed(let code, let reason):
            self = .databaseUnreadable(directory.path, reason: "SQLite's code \(code): \(reason)")
        case .readOnly, .full, .takenAway, .body:
            self = .dataDirectoryUnusable(
                directory.path, reason: "the database cannot be opened: \(error)")
        }
    }
}
