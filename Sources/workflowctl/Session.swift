import ArgumentParser
import Foundation
import JSONLines
import TerminalText
import WorkflowClient
import WorkflowModel

/// What commands that talk to the service have in common.
struct ServiceOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Flag(name: .long, help: "Print JSON for programs, one object a line.")
    var json = false

    /// Connects, and runs `body`; errors become a sentence and an exit code.
    func run(_ body: (Session) throws -> Void) throws {
        try Reporting.run {
            try body(
                Session(client: try connection.client(), output: .output, writesJSON: json))
        }
    }
}

/// A client, and where its answers go.
struct Session {
    let client: CommandClient
    let output: Terminal
    let writesJSON: Bool

    var ink: Ink { output.ink }

    /// Sends the command `op`, and returns its result.
    @discardableResult
    func call(_ op: String, _ args: JSONObject = [:]) throws -> JSON { try client.call(op, args) }

    /// Reads all pages of a list, up to `limit` elements.
    func list(_ op: String, _ name: String, _ args: JSONObject = [:], limit: Int = .max) throws
        -> [JSON]
    {
        try client.list(op, name, args, limit: limit)
    }

    /// Prints `values` for programs, or `lines` for people.
    func print(_ values: [JSON], orLines lines: () throws -> [String]) rethrows {
        if writesJSON {
            output.print(values.map(\.text))
        } else {
            output.print(try lines())
        }
    }

    /// Prints `values` for programs, or a table for people; `none` where it would be empty.
    func print(_ values: [JSON], orTable table: Table, none: String) {
        print(values) {
            table.isEmpty ? [none] : table.lines(width: output.width, ink: ink)
        }
    }

    /// The business's clock; nil where none is set.
    func businessZone() throws -> ZoneCalendar? {
        try call("settings.get")["time_zone"]?.string.flatMap(ZoneCalendar.init)
    }
}
