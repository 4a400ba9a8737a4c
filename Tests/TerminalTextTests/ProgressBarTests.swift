import TerminalText
import Testing

@Suite struct ProgressBarTests {
    @Test func grows() {
        let bar = ProgressBar(total: 10_000, width: 60)
        #expect(
            bar.line(done: 0, seconds: 0) == String(repeating: "░", count: 40) + "    0%  0/10,000")
        #expect(bar.line(done: 5_000, seconds: 10).hasSuffix("  50%  5,000/10,000  10 s left"))
        #expect(bar.line(done: 10_000, seconds: 20).hasSuffix(" 100%  10,000/10,000"))
    }

    @Test(arguments: [10, 20, 30, 50, 80, 200], [0, 1, 999, 1_000])
    func fits(width: Int, done: Int) {
        let line = ProgressBar(total: 1_000, width: width).line(
            done: done, seconds: 90, note: "12 refused")
        #expect(line.displayWidth <= width)
    }

    @Test func ofNothingIsDone() {
        #expect(ProgressBar(total: 0, width: 40).line(done: 0, seconds: 0).contains("100%"))
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-12_345, "-12,345")])
    func groups(number: Int, text: String) { #expect(number.grouped == text) }
}
