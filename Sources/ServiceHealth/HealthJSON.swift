public import JSONLines
import WorkflowModel

extension HealthFacts {
    /// The reply of `system.health`: the assessment, then the facts that it comes from.
    public var json: JSONObject {
        let assessment = HealthAssessment(of: self)
        var object: JSONObject = [
            "status": .string(assessment.status.rawValue),
            "problems": .array(assessment.problems.map(\.json)),
            "version": .string(version), "schema": .string(schema),
            "uptime_seconds": uptime.json, "clock": .string(clock),
        ]
        object["schedule"] = schedule.map { .object($0.json) }
        object["channels"] = .array(channels.map(\.json))
        object["in_doubt"] = inDoubt.map { .integer(Int64($0)) }
        object["feed"] = [
            "head": .integer(feed.head), "published": .integer(feed.published),
            "behind": .integer(feed.behind),
        ]
        object["store"] = store.json
        object["longest_turn_ms"] = .integer(Int64(longestTurn.inSeconds * 1_000))
        object["clock_jumps"] = .integer(Int64(jumps.count))
        object["process"] = [
            "resident_bytes": .integer(process.residentBytes),
            "descriptors": .integer(Int64(process.descriptors)),
            "connections": .object(connections.json),
        ]
        return object
    }
}

extension HealthProblem {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "code": .string(code.rawValue), "status": .string(status.rawValue),
        ]
        object["channel"] = channel.map(JSON.string)
        object["message"] = .string(message)
        object["hint"] = .string(hint)
        return .object(object)
    }
}

extension QueueFacts {
    fileprivate var json: JSONObject {
        ["due": .integer(Int64(due)), "oldest_seconds": age.json]
    }
}

extension ChannelHealth {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "name": .string(name), "state": .string(state), "deaths": .integer(Int64(deaths)),
            "inflight": .integer(Int64(inFlight)),
        ]
        if let queue {
            object["waiting"] = .integer(Int64(queue.due))
            object["oldest_seconds"] = queue.age.json
        }
        object["manifest_channel"] = manifestChannel.map(JSON.string)
        object["last_error"] = lastError.map(JSON.string)
        return .object(object)
    }
}

extension ConnectionFacts {
    fileprivate var json: JSONObject {
        [
            "commands": .integer(Int64(commands)), "events": .integer(Int64(events)),
            "limit": .integer(Int64(limit)), "refused": .integer(Int64(refused)),
        ]
    }
}

extension StoreFacts {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "database_bytes": .integer(databaseBytes), "wal_bytes": .integer(logBytes),
        ]
        object["free_bytes"] = freeBytes.map(JSON.integer)
        object["failures"] = .integer(Int64(failures))
        if let lastFailure {
            object["last_failure"] = [
                "code": .string(lastFailure.code), "seconds_ago": lastFailure.age.json,
            ]
        }
        object["last_write_seconds_ago"] = lastWrite?.json
        return .object(object)
    }
}

extension Duration {
    /// The whole seconds.
    fileprivate var json: JSON { .integer(components.seconds) }
}
