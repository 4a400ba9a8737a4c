import JSONLines

/// What a child writes on its standard error: log text, of which a limited share is logged.
package struct ErrorText {
    private var lines = LineSplitter(limit: 4_096)
    private var second = Duration.zero
    private var logged = 0
    /// The last line, which often says why a child died.
    package private(set) var last: String?
    /// Lines that were over the limit and are in no log.
    private(set) var dropped = 0

    /// How many lines a second are logged at most, so that a child cannot fill the disk.
    static let linesPerSecond = 100
    private static let lastLimit = 200

    /// Of a child that wrote nothing yet.
    package init() {}

    /// Takes bytes, and calls `log` with each line that is to be logged.
    package mutating func take(_ bytes: ArraySlice<UInt8>, at now: Duration, log: (String) -> Void)
    {
        lines.append(bytes)
        while let line = lines.next() {
            guard case .complete(let bytes) = line, !bytes.isEmpty else { continue }
            guard mayLog(at: now) else {
                remember(bytes)
                dropped += 1
                continue
            }
            log(Self.printable(bytes))
            remember(bytes)
        }
    }

    private mutating func mayLog(at now: Duration) -> Bool {
        if now - second >= .seconds(1) {
            second = now
            logged = 0
        }
        logged += 1
        return logged <= Self.linesPerSecond
    }

    private mutating func remember(_ bytes: [UInt8]) {
        last = Self.printable(Array(bytes.prefix(Self.lastLimit)))
    }

    /// Text without control characters, which could rewrite the terminal that shows a log.
    private static func printable(_ bytes: [UInt8]) -> String {
        String(
            decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}
