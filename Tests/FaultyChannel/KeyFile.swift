import Glibc

/// The keys that it has sent, in the file `keys` of its folder, so that it knows them after a restart.
struct KeyFile {
    private var keys: Set<String> = []

    /// With `reads` false, what other starts have sent is forgotten.
    init(reads: Bool) {
        guard reads, let file = fopen("keys", "r") else { return }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 1_024)
        while fgets(&line, Int32(line.count), file) != nil {
            keys.insert(String(decoding: line.prefix { $0 != 10 }.map(UInt8.init), as: UTF8.self))
        }
    }

    func contains(_ key: String) -> Bool { keys.contains(key) }

    /// Writes `key` down; it is in the file on return.
    mutating func add(_ key: String) {
        guard keys.insert(key).inserted, let file = fopen("keys", "a") else { return }
        fputs("\(key)\n", file)
        fclose(file)
    }
}
