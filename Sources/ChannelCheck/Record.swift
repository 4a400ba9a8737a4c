import ChannelKit
import JSONLines

/// What a channel wrote on its standard output, sorted by what it was.
struct Record {
    /// A line with an `event`.
    struct Event {
        let json: JSON
        /// Why it is none of the protocol's, where it is not.
        let offence: FieldError?
    }

    /// The answers by the id that they have.
    private(set) var answers: [JSON: [JSON]] = [:]
    /// The reports, each time that they came.
    private(set) var events: [Event] = []
    /// Lines that are none of the protocol's.
    private(set) var strays: [Stray] = []
    /// The ids that were answered twice.
    private(set) var doubled: [JSON] = []
    /// The check that runs.
    var check = ""
    private var asked: Set<JSON> = []
    private var orders: [JSON: Int] = [:]

    /// A line that is none of the protocol's.
    struct Stray {
        /// What is wrong with it.
        let reason: String
        /// The line.
        let text: String
        /// The check that ran.
        let check: String
    }

    /// A request with `id` is on its way.
    mutating func expect(_ id: JSON) { asked.insert(id) }

    /// How many requests were answered.
    var answered: Int { orders.count }

    /// As which in order `id` was answered; nil where it is not.
    func order(of id: JSON) -> Int? { orders[id] }

    /// Sorts a line in; returns the `event_id` of a report.
    mutating func take(_ line: LineSplitter.Line) -> String? {
        guard case .complete(let bytes) = line else {
            strays.append(Stray(reason: "a line of over 1 MiB", text: "", check: check))
            return nil
        }
        guard let json = try? JSON(parsing: bytes), json.object != nil else {
            let text = String(decoding: bytes, as: UTF8.self)
            strays.append(Stray(reason: "a line that is no JSON object", text: text, check: check))
            return nil
        }
        return take(json)
    }

    private mutating func take(_ json: JSON) -> String? {
        if json["event"] != nil { return takeEvent(json) }
        guard let id = json["id"], asked.contains(id) else {
            let reason =
                json["id"].map { "an answer with the id \($0.text), which no request had" }
                ?? "a line with neither id nor event"
            strays.append(Stray(reason: reason, text: json.text, check: check))
            return nil
        }
        if orders[id] == nil { orders[id] = orders.count }
        answers[id, default: []].append(json)
        if answers[id, default: []].count == 2 { doubled.append(id) }
        return nil
    }

    private mutating func takeEvent(_ json: JSON) -> String? {
        do throws(FieldError) {
            let line = try ChannelLine(json)
            events.append(Event(json: json, offence: nil))
            return line.eventID
        } catch {
            events.append(Event(json: json, offence: error))
            return nil
        }
    }
}
