import Testing

@testable import WorkflowService

/// Who is cut where there are too many connections.
struct ConnectionTableTests {
    private static let commands = ConnectionTable.Owner(purpose: .commands, asksForKeys: false)
    private static let events = ConnectionTable.Owner(purpose: .events, asksForKeys: false)

    private static func table(commands: Range<Int32> = 0..<0, events: Range<Int32> = 0..<0)
        -> ConnectionTable
    {
        var table = ConnectionTable()
        for descriptor in commands {
            table.open(descriptor, Self.commands, name: 0, at: .seconds(Int(descriptor)))
        }
        for descriptor in events {
            table.open(descriptor, Self.events, name: 0, at: .seconds(Int(descriptor)))
        }
        return table
    }

    @Test
    func nobodyIsCutWhileThereIsRoom() {
        #expect(Self.table(commands: 0..<30).surplus(limit: 32, at: .seconds(60)).isEmpty)
    }

    @Test
    func whoIsSilentGoesFirstTheOldestBeforeTheOthers() {
        var table = Self.table(commands: 0..<20, events: 20..<32)
        for descriptor: Int32 in [0, 2, 5] { table.noteCommand(over: descriptor, at: .seconds(40)) }
        #expect(table.surplus(limit: 32, at: .seconds(60)) == [1, 3])
    }

    @Test
    func subscribersBeyondHalfGoBeforeClientsThatSpoke() {
        var table = Self.table(commands: 0..<14, events: 14..<32)
        for descriptor: Int32 in 0..<14 { table.noteCommand(over: descriptor, at: .zero) }
        #expect(table.surplus(limit: 32, at: .seconds(200)) == [31, 30])
    }

    @Test
    func whoMayWaitForAReplyStays() {
        var table = Self.table(commands: 0..<32)
        for descriptor: Int32 in 0..<32 {
            table.noteCommand(over: descriptor, at: .seconds(100 - Int(descriptor)))
        }
        #expect(table.surplus(limit: 32, at: .seconds(150)).isEmpty)
        #expect(table.surplus(limit: 32, at: .seconds(160)) == [31])
    }

    @Test
    func aNumberThatIsGivenAgainIsAnotherConnection() {
        var table = Self.table(commands: 0..<32)
        table.noteCommand(over: 0, at: .seconds(40))
        table.open(0, Self.commands, name: 1, at: .seconds(50))
        #expect(table.count(.commands) == 32)
        #expect(table.surplus(limit: 32, at: .seconds(60)) == [1, 2])
        table.close(0)
        table.close(0)
        #expect(table.count(.commands) == 31)
    }

    @Test
    func connectionsEndWithTheirSocket() {
        var table = Self.table(commands: 0..<3, events: 3..<9)
        table.closeAll(of: Self.events)
        #expect(table.count(.commands) == 3)
        #expect(table.count(.events) == 0)
    }
}
