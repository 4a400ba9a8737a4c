import Foundation
import ServiceHealth

/// What this process uses, as the kernel counts it.
enum ProcessUse {
    static func facts() -> ProcessFacts {
        var facts = ProcessFacts()
        facts.residentBytes = residentPages() * Int64(sysconf(Int32(_SC_PAGESIZE)))
        facts.descriptors = descriptors
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        facts.processorTime = .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
        return facts
    }

    /// How many descriptors are open.
    static var descriptors: Int {
        // One of them reads the folder.
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return max(0, (names?.count ?? 0) - 1)
    }

    /// The second number of `/proc/self/statm`.
    private static func residentPages() -> Int64 {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii)) ?? ""
        return text.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    }
}
