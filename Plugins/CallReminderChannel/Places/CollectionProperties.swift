import Curl
import Foundation
import FoundationXML

/// What a server says of a calendar collection in answer to PROPFIND (RFC 4918, section 9.1).
final class CollectionProperties: NSObject, XMLParserDelegate {
    private(set) var isCalendar = false
    private(set) var components: [String] = []
    private(set) var privileges: [String] = []
    private(set) var mark = ""
    private var path: [String] = []

    /// The properties in `body`; nil where that is no XML.
    init?(_ body: [UInt8]) {
        super.init()
        // Foundation's parser traps at names that are no UTF-8.
        let parser = XMLParser(data: Data(String(decoding: body, as: UTF8.self).utf8))
        parser.shouldProcessNamespaces = true
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    /// Asks for the kind of collection, for its components (RFC 4791, section 5.2.3), for what the user
    /// may do (RFC 3744, section 5.4), and for the tag that changes with every entry (CalendarServer).
    static let question = Array(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
        xmlns:S="http://calendarserver.org/ns/"><prop><resourcetype/>\
        <current-user-privilege-set/><C:supported-calendar-component-set/><S:getctag/>\
        </prop></propfind>
        """.utf8)

    /// Whether entries of `kind` can be put into the collection that answered with `response`.
    static func judge(_ response: HTTPResponse, for kind: CallEntry.Kind) -> PlaceSurvey {
        switch response.status {
        case 207: break
        case 408, 423, 425, 429, 500...:
            return .silent(reason: "calendar: The server cannot answer now (\(response.status)).")
        default: return .refused(reason: reason(response.status))
        }
        guard let properties = CollectionProperties(response.body) else {
            return .refused(reason: "calendar: The server's answer is no XML.")
        }
        if let fault = properties.fault(for: kind) { return .refused(reason: "calendar: \(fault)") }
        return .open(mark: properties.mark.isEmpty ? nil : properties.mark)
    }

    private func fault(for kind: CallEntry.Kind) -> String? {
        guard isCalendar else {
            return "There is no calendar at this address; give that of one, not of the account."
        }
        guard components.isEmpty || components.contains(kind.component) else {
            let other: CallEntry.Kind = kind == .todo ? .event : .todo
            return "It takes no \(kind.component); choose another calendar, or `entry: \(other)`."
        }
        let writing = ["all", "write", "write-content", "bind"]
        guard privileges.isEmpty || privileges.contains(where: writing.contains) else {
            return "The user may only read it."
        }
        return nil
    }

    /// Why a request about the collection was refused with `status`.
    static func reason(_ status: Int) -> String {
        switch status {
        case 300...399: "calendar: It has moved (\(status)); give its new address."
        case 401: "username: The server refused the name or the password (401)."
        case 403: "calendar: The user may not do this (403)."
        case 404, 409, 410: "calendar: There is no calendar at this address (\(status))."
        case 405, 501: "calendar: The server speaks no CalDAV at this address (\(status))."
        default: "calendar: The server refuses it (\(status))."
        }
    }

    // MARK: XMLParserDelegate

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        switch path.last {
        case "resourcetype"? where name == "calendar": isCalendar = true
        case "supported-calendar-component-set"?:
            components += attributes["name"].map { [$0] } ?? []
        case "privilege"?: privileges.append(name)
        default: break
        }
        path.append(name)
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) { path.removeLast() }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if path.last == "getctag" { mark += text.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
}
