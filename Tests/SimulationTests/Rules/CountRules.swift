import JSONLines

/// What `workflow.stats` says has to be what the feed says.
struct CountRules {
    let events: [JSONObject]

    func check(_ stats: JSON, of workflow: String) throws {
        let own = events.filter { $0["workflow"]?.string == workflow }
        func count(_ type: String) -> Int64 {
            Int64(own.count { $0["type"]?.string == type })
        }
        let expected = [
            "entered": count("enrollment.created"), "finished": count("enrollment.finished"),
            "exited": count("enrollment.exited"), "unenrolled": count("enrollment.unenrolled"),
            "inside": 0,
        ]
        for (name, number) in expected where stats[name]?.integer ?? 0 != number {
            throw Violation(
                "\(workflow) has \(number) \(name) by its feed, and says \(stats[name]?.text ?? "-")"
            )
        }
    }
}
