import WorkflowModel

/// The numbers under which channels' queues are stored.
final class LaneDirectory {
    private var numbers: [String: Int64] = [:]
    private var names: [Int64: String] = [:]

    func add(_ number: Int64, _ name: String) {
        numbers[name] = number
        names[number] = name
    }

    var count: Int { numbers.count }

    func removeAll() {
        numbers = [:]
        names = [:]
    }

    func number(_ name: String) -> Int64? { numbers[name] }
    func name(_ number: Int64) -> String? { names[number] }
}

extension StoreSession {
    /// Makes the queues of `channels` known; a number once given stays.
    public func register(channels: [String]) throws {
        try working.prepareToWrite(self)
        try addLanes(channels)
    }

    private func addLanes(_ channels: [String]) throws {
        for name in channels {
            try connection.run("INSERT OR IGNORE INTO channel (name) VALUES (?)", [name])
        }
        try loadLanes()
    }

    func loadLanes() throws {
        for (number, name) in try connection.rows(
            "SELECT id, name FROM channel", [], { ($0[0] as Int64, $0[1] as String) })
        {
            lanes.add(number, name)
        }
    }

    /// Forgets the numbers that were given since there were `count` of them, as what gave them was
    /// rolled back.
    func rollBackLanes(to count: Int) throws {
        guard lanes.count != count else { return }
        lanes.removeAll()
        try loadLanes()
    }

    func number(of lane: Enrollment.Lane) throws -> Int64? {
        switch lane {
        case .schedule: return 0
        case .halted: return -1
        case .parked: return nil
        case .channel(let name):
            if let number = lanes.number(name) { return number }
            try addLanes([name])
            return lanes.number(name)
        }
    }

    func lane(_ number: Int64?) -> Enrollment.Lane {
        switch number {
        case nil: .parked
        case 0: .schedule
        case -1: .halted
        case let number?: lanes.name(number).map { .channel($0) } ?? .schedule
        }
    }
}
