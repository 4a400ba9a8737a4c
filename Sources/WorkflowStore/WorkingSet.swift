import WorkflowModel

/// What a transaction has decided: layers of pending rows, each on top of those it may still be dropped from.
///
/// The lowest layer is the turn's own; every attempt has one of its own until it succeeds or fails.
/// A layer's rows are in the store only where something had to be read that is not found by a key;
/// then a savepoint stands before them.
final class WorkingSet {
    private var layers: [PendingRows]
    /// How many layers from the lowest on have begun in the store; the lowest begins with the transaction.
    private var begun = 1
    /// How many queues of channels were known when each layer above the lowest began in the store.
    private var knownLanes: [Int] = []
    /// The last position of each family, as committed.
    private let families: [String: Int64]
    /// Whether each attempt is written when it succeeds, so that it fails by itself where it breaks a rule
    /// of the database.
    private let writesEachAttempt: Bool

    init(_ committed: CommittedState, writesEachAttempt: Bool) {
        self.writesEachAttempt = writesEachAttempt
        layers = [PendingRows(counters: committed.counters)]
        families = committed.families
    }

    /// The layer that decisions go to.
    var top: PendingRows { layers[layers.count - 1] }

    /// What `find` finds in the newest layer that has it.
    func find<T>(_ find: (PendingRows) -> T?) -> T? {
        for layer in layers.reversed() {
            if let found = find(layer) { return found }
        }
        return nil
    }

    /// Whether `holds` holds of a layer.
    func contains(_ holds: (PendingRows) -> Bool) -> Bool { layers.contains(where: holds) }

    /// What each layer has, from the oldest on.
    func gather<T>(_ part: (PendingRows) -> [T]) -> [T] {
        layers.count == 1 ? part(layers[0]) : layers.flatMap(part)
    }

    /// The last position of `family`; 0 for none.
    func position(of family: String) -> Int64 {
        find { $0.families[family] } ?? families[family] ?? 0
    }

    /// Whether anything has been decided that was not dropped, be it written or not.
    var hasChanged: Bool { layers.contains { $0.hasWritten || !$0.isEmpty } }

    /// What has been decided of a transaction that is about to be committed, all of which is written.
    var committed: CommittedState {
        precondition(layers.count == 1, "An attempt is still open.")
        return CommittedState(
            counters: top.counters, families: families.merging(top.families) { $1 })
    }

    // MARK: Layers

    /// Begins an attempt.
    func begin() {
        layers.append(PendingRows(counters: top.counters))
    }

    /// Keeps what was decided since the attempt began.
    ///
    /// Where it throws, the attempt is still open.
    func merge(_ session: StoreSession) throws {
        if writesEachAttempt { try writeOut(session) }
        let isBegun = begun == layers.count
        if isBegun {
            try session.connection.run("RELEASE attempt")
            forgetSavepoint()
        }
        let newer = layers.removeLast()
        layers[layers.count - 1] = top.merging(newer)
    }

    /// Drops what was decided since the attempt began.
    func drop(_ session: StoreSession) {
        let isBegun = begun == layers.count
        layers.removeLast()
        guard isBegun else { return }
        let known = knownLanes.last ?? 0
        forgetSavepoint()
        // A full disk may have rolled everything back already.
        guard session.connection.isInTransaction else { return }
        _ = try? session.connection.run("ROLLBACK TO attempt")
        _ = try? session.connection.run("RELEASE attempt")
        try? session.rollBackLanes(to: known)
    }

    private func forgetSavepoint() {
        begun -= 1
        knownLanes.removeLast()
    }

    // MARK: Writing

    /// Writes all pending rows, each behind the savepoint of its layer.
    func writeOut(_ session: StoreSession) throws {
        guard layers.contains(where: { !$0.isEmpty }) else { return }
        try prepareToWrite(session)
    }

    /// Writes all pending rows, and sees to it that what is written next is undone with the attempt at hand.
    func prepareToWrite(_ session: StoreSession) throws {
        for index in layers.indices {
            if index == begun {
                try session.connection.run("SAVEPOINT attempt")
                knownLanes.append(session.lanes.count)
                begun += 1
            }
            guard !layers[index].isEmpty else { continue }
            try session.write(layers[index])
            layers[index] = layers[index].written
        }
    }
}
