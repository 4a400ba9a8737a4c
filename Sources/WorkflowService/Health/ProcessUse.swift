import Foundation
import ServiceHealth

/// What this process uses, as the kernel counts it.
enum ProcessUse {
    static func facts() -> ProcessFacts {
        var facts = ProcessFacts()
        facts.residentBytes = residentPages() * Int64(sysconf(Int32(_SC_PAGESIZE)))
        // One of them reads the folder.
        let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        facts.descriptors = max(0, (descriptors?.count ?? 0) - 1)
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        facts.processorTime = .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
        return facts
    }

    /// The second number of `/proc/self/statm`.
    private static func residentPages() -> Int64 {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii)) ?? ""
        return text.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    }
}
