/// Why the daemon cannot start, or had to stop.
public enum StartError: Error, Hashable, Sendable {
    case configuration(path: String, String)
    case endpointTaken(String)
    case endpointInvalid(String, reason: String)
    case keyFile(String, String)
    case keysNotChecked
    case nobodyAdministers(String)
    case dataDirectoryLocked(String)
    case dataDirectoryUnusable(String, reason: String)
    case restorationInterrupted(String, aside: String)
    case databaseNewer(String)
    case databaseDamaged(String, reason: String)
    case databaseHeld(String)
    case databaseUnreadable(String, reason: String)
    case noZoneData

    /// The exit code, after BSD's sysexits.
    public var exitCode: Int32 {
        switch self {
        case .configuration, .endpointInvalid, .nobodyAdministers: 78
        case .keysNotChecked: 70
        case .endpointTaken: 69
        case .dataDirectoryLocked, .databaseHeld: 75
        case .databaseUnreadable: 74
        case .dataDirectoryUnusable, .keyFile: 77
        case .databaseNewer, .databaseDamaged, .restorationInterrupted: 65
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
        case .keyFile(let path, let reason):
            "The key file \(path) \(reason)"
        case .keysNotChecked:
            "This libzmq lets clients in without checking their keys, or lets nobody in, so no endpoint "
                + "was opened. Install libzmq 4.3 built with CURVE (libsodium)."
        case .nobodyAdministers(let path):
            "Every command endpoint asks for keys, and no key with the role admin is registered: "
                + "nobody could register one. Add an endpoint on this machine, such as "
                + "--commands ipc://\(path)/commands, and register one with workflowctl keys add."
        case .dataDirectoryLocked(let path):
            "Another workflowd works in \(path). Stop it first, or choose another data directory."
        case .dataDirectoryUnusable(let path, let reason):
            "The data directory \(path) cannot be used: \(reason). Check its owner and its permissions."
        case .restorationInterrupted(let path, let aside):
            "A restoration of \(path) was cut off in the middle. Restore again with workflowctl restore, "
                + "or put back what was there before: mv -T \(aside) \(path)"
        case .databaseNewer(let path):
            "A later version of workflowd wrote the database in \(path). Install that version again."
        case .databaseDamaged(let path, let reason):
            "The database in \(path) cannot be read (\(reason)). Restore a backup; "
                + "workflowctl integrity tells what is damaged."
        case .databaseHeld(let path):
            "Another program holds the database in \(path). End it, or let it finish."
        case .databaseUnreadable(let path, let reason):
            "The disk failed under the database in \(path) (\(reason)). Check the disk."
        case .noZoneData:
            "The time zones are missing from this build, so that no local time could be kept."
        }
    }
}
