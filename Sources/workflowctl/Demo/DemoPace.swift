/// How fast the clock of the demonstration goes.
struct DemoPace {
    /// Real time between two moves of the clock.
    let beat: Duration
    /// Minutes that it moves on each time.
    let minutes: Int64

    /// A clock that is `speed` times as fast as real time, where the machine keeps up with it.
    init(speed: Int) {
        minutes = max(1, Int64(Double(speed) * DemoPace.shortestBeat / 60))
        beat = .seconds(Double(minutes) * 60 / Double(speed))
    }

    /// Seconds: short enough to look like a flow.
    private static let shortestBeat = 0.05
}
