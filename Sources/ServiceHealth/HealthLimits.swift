/// From when on something counts as a problem.
public enum HealthLimits {
    /// Due items older than this are late: a turn takes hundreds of them, so only an overloaded service
    /// leaves one for so long.
    public static let late = Duration.seconds(60)
    /// Due items older than this show that nothing moves.
    public static let stuck = Duration.seconds(15 * 60)
    /// Messages that a working channel leaves longer: its rate or its window is too small.
    public static let channelLate = Duration.seconds(15 * 60)
    /// Free bytes below which somebody should make room.
    public static let lowDisk: Int64 = 512 << 20
    /// Free bytes below which writes are about to fail: less than the log may grow in one rush.
    public static let noDisk: Int64 = 64 << 20
    /// A write-ahead log that is larger is held by somebody who reads the database for long.
    public static let largeLog: Int64 = 512 << 20
    /// Turns that take longer keep every client waiting for so long that most give up.
    public static let slowTurn = Duration.seconds(10)
    /// How long a jump of the clock is told.
    public static let jumpMemory = Duration.seconds(60 * 60)
    /// How long it is told that there were too many connections.
    public static let shortageMemory = Duration.seconds(5 * 60)
    /// Jumps that are smaller move no message that anybody would notice.
    public static let jump = Duration.seconds(30)
}
