import ChannelKit
import Curl
import HTTPListener
import JSONLines
import WorkflowModel

/// Reads Twilio's messages.
struct TwilioList {
    let account: TwilioAccount
    private let transfer: Transfer

    /// So many pages at most: a list that is longer counts as not read.
    private static let pageLimit = 20

    init(_ account: TwilioAccount, _ transfer: Transfer) {
        self.account = account
        self.transfer = transfer
    }

    /// Why it could not be read, without personal data.
    struct Unread: Error {
        let reason: String
    }

    /// What was read, and Twilio's clock then.
    struct Reading {
        var messages: [TwilioMessage] = []
        var clock: Instant?
    }

    /// The messages of all pages, newest first as Twilio has them, up to the first page that is older than
    /// `oldest` throughout.
    ///
    /// - Parameters:
    ///   - filter: the query without the page's size.
    ///   - oldest: by Twilio's clock, given the clock of the first answer.
    /// - Throws: ``Unread``.
    func read(
        _ filter: [(name: String, value: String)], pageSize: Int, timeout: Duration? = nil,
        oldest: (Instant) -> Instant
    ) throws(Unread) -> Reading {
        let query = FormFields.encode(filter + [(name: "PageSize", value: "\(pageSize)")])
        var next: String? = account.url("Messages.json?\(query)")
        var reading = Reading()
        for _ in 0..<TwilioList.pageLimit {
            guard let url = next else { return reading }
            let (page, clock) = try get(url, timeout)
            reading.clock = reading.clock ?? clock
            let messages = (page["messages"]?.array ?? []).compactMap(TwilioMessage.init)
            reading.messages += messages
            next = page["next_page_uri"]?.string.map { account.line.base + $0 }
            if messages.isOlder(than: oldest(reading.clock ?? clock)) { return reading }
        }
        throw Unread(reason: "Twilio's list of messages is too long.")
    }

    /// One message; nil where Twilio does not have it.
    func message(_ sid: String) throws(Unread) -> TwilioMessage? {
        let response = try ask(account.url("Messages/\(FormFields.encode(sid)).json"), nil)
        return response.status == 404 ? nil : TwilioMessage(try TwilioList.json(response))
    }

    private func get(_ url: String, _ timeout: Duration?) throws(Unread) -> (JSON, Instant) {
        let response = try ask(url, timeout)
        let clock = response.header("date").flatMap(Instant.init(mailDate:))
        return (try TwilioList.json(response), clock ?? .machine)
    }

    private func ask(_ url: String, _ timeout: Duration?) throws(Unread) -> HTTPResponse {
        do throws(ConfigurationError) {
            return try transfer.ask(account.request("GET", url, timeout: timeout))
        } catch {
            throw Unread(reason: error.reason)
        }
    }

    private static func json(_ response: HTTPResponse) throws(Unread) -> JSON {
        guard response.status == 200 else {
            throw Unread(reason: "Twilio answered with HTTP status \(response.status).")
        }
        guard let json = try? JSON(parsing: response.body), json.object != nil else {
            throw Unread(reason: "Twilio's answer cannot be read.")
        }
        return json
    }
}

extension [TwilioMessage] {
    /// Whether all of them were made before `moment`; those without a date were not.
    fileprivate func isOlder(than moment: Instant) -> Bool {
        !isEmpty && allSatisfy { ($0.created ?? moment) < moment }
    }
}
