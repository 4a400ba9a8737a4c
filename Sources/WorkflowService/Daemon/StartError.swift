/// Why the daemon cannot start, or had to stop.
public enum StartError: Error, Hashable, Sendable {
    case configuration(path: String, String)
    case endpointTaken(String)
    case endpointInvalid(String, reason: String)
    case endpointNeedsKeys(String)
    case dataDirectoryLocked(String)
    case dataDirectoryUnusable(String, reason: String)
    case databaseNewer(String)
    case databaseDamaged(String, reason: String)
    case noZoneData

    /// The exit code, after BSD's sysexits.
    public var exitCode: Int32 {
        switch self {
        case .configuration, .endpointInvalid, .endpointNeedsKeys: 78
        case .endpointTaken: 69
        case .dataDirectoryLocked: 75
        case .dataDirectoryUnusable: 77
        case .databaseNewer, .databaseDamaged: 65
        case .noZoneData: 72
        }
    }

    /// What is wrong and how to mend it.
    public var message: String {
        switch self {
        case .configuration(let path, let reason):
            "The configuration \(path) cannot be used. \(reason)"
        case .endpointTaken(let endpoint):
            "Another program listens at \(endpoint) already. Stop it, or choose another endpoint."
        case .endpointInvalid(let endpoint, let reason):
            "The endpoint \(endpoint) cannot be used: \(reason)."
        case .endpointNeedsKeys(let endpoint):
            "\(endpoint) can be reached from other machines, which this version does not allow. "
                + "Use 127.0.0.1 or an ipc endpoint."
        case .dataDirectoryLocked(let path):
            "Another workflowd works in \(path). Stop it first, or choose another data directory."
        case .dataDirectoryUnusable(let path, let reason):
            "The data directory \(path) cannot be used: \(reason). Check its owner and its permissions."
        case .databaseNewer(let path):
            "A later version of workflowd wrote the database in \(path). Install that version again."
        case .databaseDamaged(let path, let reason):
            "The database in \(path) cannot be read (\(reason)). Restore a backup."
        case .noZoneData:
            "The time zones are missing from this build, so that no local time could be kept."
        }
    }
}
