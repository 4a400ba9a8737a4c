import Foundation
import Logging
import WorkflowModel
import WorkflowService
import WorkflowStore

/// Folders of stores, removed when the process ends: a store whose file is gone takes no more writes.
private let folders = EphemeralFolders()

private final class EphemeralFolders: @unchecked Sendable {
    private var paths: [String] = []
    private let lock = NSLock()

    init() { atexit { folders.remove() } }

    func make() -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID())")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        lock.withLock { paths.append(folder.path) }
        return folder
    }

    fileprivate func remove() {
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }
}

extension WorkflowService {
    /// A service on a simulated clock over a store of its own; nil where none can be made.
    static func forFuzzing(_ channels: any ChannelGateway) -> WorkflowService? {
        var log = Logger(label: "fuzz")
        log.logLevel = .critical
        let clock = ServiceClock(.simulated, start: Instant(rfc3339: "2026-03-02T15:00:00Z"))
        let path = folders.make().appendingPathComponent("fuzz.sqlite").path
        return (try? Store(path: path)).flatMap {
            try? WorkflowService(store: $0, clock: clock, gateway: channels, log: log)
        }
    }
}
