import Foundation

/// What a process has used up to now, as the kernel counts it; all 0 where there is no such process.
struct ProcessUse {
    /// Processor time of all its threads, by the kernel's own count in nanoseconds.
    let processorSeconds: Double
    /// Bytes that its system calls have read, from the page cache too.
    let readBytes: Double
    /// Bytes that were fetched from the disk for it.
    let diskBytes: Double
    /// Memory that it holds now.
    let residentBytes: Double

    init(_ process: Int32?) {
        let folder = "/proc/\(process ?? 0)"
        processorSeconds = Self.processorSeconds(folder)
        readBytes = Self.value("rchar:", of: "\(folder)/io")
        diskBytes = Self.value("read_bytes:", of: "\(folder)/io")
        residentBytes = Self.value("VmRSS:", of: "\(folder)/status") * 1_024
    }

    /// `stat` counts in hundredths of a second, which is too coarse for a service that idles.
    private static func processorSeconds(_ folder: String) -> Double {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/task")) ?? []
        let nanoseconds = threads.map { thread in
            text("\(folder)/task/\(thread)/schedstat").split(separator: " ").first.flatMap {
                Double($0)
            } ?? 0
        }
        return nanoseconds.reduce(0, +) / 1e9
    }

    private static func value(_ name: String, of path: String) -> Double {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
        let words = line?.split(whereSeparator: { " \t".contains($0) }) ?? []
        return words.count > 1 ? Double(words[1]) ?? 0 : 0
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
