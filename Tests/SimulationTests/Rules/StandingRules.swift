import JSONLines

/// What must hold of where enrollments stand: each active one waits for something that will come.
struct StandingRules {
    let enrollments: [JSON]
    let channels: SimulatedChannels
    /// The workflows that may be halted.
    let halted: Set<String>

    func check() throws {
        for enrollment in enrollments { try check(enrollment) }
        let identities = enrollments.map { one in
            ["workflow", "contact", "record"].map { one[$0]?.text ?? "" }.joined(separator: " ")
        }
        guard Set(identities).count == identities.count else {
            throw Violation("a contact is inside twice for the same record")
        }
    }

    private func check(_ enrollment: JSON) throws {
        let name = "\(enrollment["id"]?.string ?? "?") at \(enrollment["step"]?.string ?? "?")"
        switch enrollment["waits_for"]?.string {
        case "turn", "delay", "branch", "quiet_hours", "retry":
            guard enrollment["next_at"] != nil else {
                throw Violation("\(name) has no next moment")
            }
        case "in_doubt", "resend":
            let isHalted = enrollment["workflow"]?.string.map(halted.contains) == true
            guard enrollment["next_at"] != nil || enrollment["channel"] != nil || isHalted else {
                throw Violation("\(name) is to go again, and nothing comes of it")
            }
        case "channel", "channel_down":
            guard enrollment["channel"] != nil else { throw Violation("\(name) is in no queue") }
        case "workflow_halted", "resolution": break
        case "answer": try checkAnswer(enrollment, name)
        case let other: throw Violation("\(name) waits for \(other ?? "nothing")")
        }
    }

    /// An answer is on its way, or will be asked for when the channel comes up.
    private func checkAnswer(_ enrollment: JSON, _ name: String) throws {
        guard let id = enrollment["id"]?.string?.dropFirst(3) else { return }
        let isComing = channels.all.contains { channel in
            !channel.isUp || channel.hasNews || channel.isWith { $0.contains("-\(id)-") }
        }
        guard isComing else { throw Violation("\(name) waits for an answer that will not come") }
    }
}
