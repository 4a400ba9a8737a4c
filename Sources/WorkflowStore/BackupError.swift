/// Why a backup could not be made or restored.
public enum BackupError: Error, Sendable {
    /// There is no database in the data directory.
    case noData(String)
    /// The target is there already.
    case targetTaken(String)
    /// The folder holds no backup, or not all of one.
    case noBackup(String)
    /// A later version of the program wrote the backup.
    case newer(String)
    /// A file of the backup is damaged.
    case damaged(String)
    /// A `workflowd` works in the data directory.
    case inUse(String)
    /// The data directory holds data, and nobody said to replace them.
    case holdsData(String)
    /// A file cannot be read or written.
    case file(String, reason: String)

    /// What is wrong and how to mend it.
    public var message: String {
        switch self {
        case .noData(let path):
            "There is no database in \(path). Name the data directory of workflowd with --data."
        case .targetTaken(let path):
            "\(path) is there already, and a backup replaces nothing. Name a new folder."
        case .noBackup(let path):
            "\(path) is no whole backup: it has no backup.json with the files that it names."
        case .newer(let path): "A later version wrote \(path). Restore it with that version."
        case .damaged(let path): "\(path) is damaged. Restore an older backup."
        case .inUse(let path): "A workflowd works in \(path). Stop it first."
        case .holdsData(let path):
            "\(path) holds data. Restore into a new folder, or add --replace, which moves them aside."
        case .file(let path, let reason): "\(path): \(reason)."
        }
    }

    /// The exit code of a program that ends with it, after BSD's sysexits.
    public var exitCode: Int32 {
        switch self {
        case .noData, .noBackup: 66
        case .newer, .damaged: 65
        case .targetTaken, .holdsData, .file: 73
        case .inUse: 75
        }
    }
}
