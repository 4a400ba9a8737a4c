import JSONLines
import WorkflowProtocol

/// What a contact wrote, as a channel reports it: of any length, where a signal's data are bounded.
struct SignalText {
    let text: String

    init(_ text: String) { self.text = text }

    /// `data` with the text, or with as much of it as there is room for, marked by `"truncated": true`
    /// and a `…` at its end.
    func put(into data: JSONObject) -> JSONObject {
        var whole = data
        whole["text"] = .string(text)
        guard text.utf8.count > ProtocolLimits.fieldBytes || !fits(whole) else { return whole }
        var part = data
        part["truncated"] = true
        var limit = ProtocolLimits.fieldBytes
        repeat {
            // What is escaped takes up to six times its bytes.
            limit -= limit / 8
            part["text"] = .string(text.bounded(to: limit))
        } while !fits(part) && limit > 1_000
        return part
    }

    private func fits(_ data: JSONObject) -> Bool {
        JSON.object(data).bytes.count <= ProtocolLimits.fieldBytes
    }
}
