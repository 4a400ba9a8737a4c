import ArgumentParser
import JSONLines

/// Arguments of the form `name=value`.
enum Assignments {
    /// The names and values of `arguments`, in order.
    /// - Throws: `ValidationError` where one is no assignment.
    static func read(_ arguments: [String]) throws -> [(name: String, value: String)] {
        try arguments.map { argument in
            guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
                throw ValidationError(
                    "\"\(argument)\" is no assignment. Write name=value, for instance first_name=Ann."
                )
            }
            return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
        }
    }

    /// Fields of a contact: all texts.
    static func texts(_ arguments: [String]) throws -> JSONObject {
        var object = JSONObject()
        for (name, value) in try read(arguments) { object[name] = .string(value) }
        return object
    }

    /// Data of a signal, or fields of a record: numbers and truth values where they look like it.
    static func values(_ arguments: [String]) throws -> JSONObject {
        var object = JSONObject()
        for (name, value) in try read(arguments) {
            let json = try? JSON(parsing: value)
            let isSimple = json?.double != nil || json?.bool != nil
            object[name] = isSimple ? json : .string(value)
        }
        return object
    }
}

/// A record, by `--record TYPE/ID` and its fields.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The record it is about, such as invoice/i-12.", valueName: "type/id"))
    var record: String?

    @Option(
        name: .customLong("record-field"),
        help: ArgumentHelp(
            "A field of the record, put first; may be repeated.", valueName: "name=value"))
    var fields: [String] = []

    func validate() throws {
        if record == nil, !fields.isEmpty {
            throw ValidationError("--record-field needs --record.")
        }
        if let record, parts(record) == nil {
            throw ValidationError("--record is a type and an id, such as invoice/i-12.")
        }
        _ = try Assignments.read(fields)
    }

    /// The record as an argument of a command; nil where none is named.
    func json() throws -> JSON? {
        guard let record, let (type, id) = parts(record) else { return nil }
        var object: JSONObject = ["type": .string(type), "id": .string(id)]
        if !fields.isEmpty { object["fields"] = .object(try Assignments.values(fields)) }
        return .object(object)
    }

    private func parts(_ text: String) -> (String, String)? {
        guard let slash = text.firstIndex(of: "/") else { return nil }
        let (type, id) = (text[..<slash], text[text.index(after: slash)...])
        return type.isEmpty || id.isEmpty ? nil : (String(type), String(id))
    }
}
