import ChannelHost
import JSONLines

/// Requests whose answers a check cannot go on without.
extension Session {
    /// The answer to `id`; `what` names the request.
    func answer(to id: JSON, within limit: Duration, _ what: String) throws(Verdict) -> JSON {
        let strays = record.strays.count
        let isAnswered = wait(limit) { $0.record.answers[id] != nil || $0.isOutputClosed }
        if isAnswered, let answer = record.answers[id]?.first { return answer }
        throw .failed(silence(what, limit, record.strays.dropFirst(strays).last))
    }

    /// Why a request has no answer.
    func silence(_ what: String, _ limit: Duration, _ stray: Record.Stray? = nil) -> String {
        if isOutputClosed { _ = wait(.seconds(1)) { _ in false } }
        var reason = "It did not answer \(what) within \(Quote.seconds(limit))."
        if let ending = child.ending {
            reason = "\(ending.sentence) before it answered \(what)."
            if case .notStarted = ending { reason = "\(ending.sentence)." }
            if let last = lastWords { reason += " Its last words: \(last)" }
        } else if isOutputClosed {
            reason = "It closed its output before it answered \(what)."
        } else if let stray {
            reason += " It wrote \(Quote.stray(stray))"
        }
        return reason
    }

    var isOutputClosed: Bool { child.output < 0 }

    /// Asks whether it lives.
    func ping(within limit: Duration, _ what: String = "a ping") throws(Verdict) {
        _ = try answer(to: ask("ping"), within: limit, what)
    }

    /// Gives it a configuration; returns why it refused, nil where it took it.
    func configure(_ config: JSONObject, check: Bool = false, within limit: Duration)
        throws(Verdict) -> String?
    {
        var members: JSONObject = ["config": .object(config)]
        if check { members["check"] = true }
        let answer = try answer(to: ask("configure", members), within: limit, "configure")
        guard let isTaken = answer["ok"]?.bool else {
            throw .failed("The answer to configure has no ok of true or false: \(answer.text)")
        }
        if isTaken { return nil }
        guard let error = answer["error"]?.string, !error.isEmpty else {
            throw .failed("It refused a configuration without an error text: \(answer.text)")
        }
        return error
    }
}
