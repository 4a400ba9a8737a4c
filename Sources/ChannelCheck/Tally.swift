/// What was wrong with the output of all sessions together.
struct Tally {
    /// What the first start wrote before it said hello.
    var beforeHello: [Record.Stray] = []
    /// What is none of the protocol's, of all sessions, behind their hello.
    private(set) var strays: [Record.Stray] = []
    /// How many requests were answered more than once.
    private(set) var doubled = 0

    mutating func add(_ session: Session, remainder: [UInt8] = []) {
        strays += session.record.strays.dropFirst(session.straysBeforeHello)
        doubled += session.record.doubled.count
        guard !remainder.isEmpty else { return }
        let text = String(decoding: remainder, as: UTF8.self)
        strays.append(
            .init(reason: "a last line without its end", text: text, check: session.check))
    }
}
