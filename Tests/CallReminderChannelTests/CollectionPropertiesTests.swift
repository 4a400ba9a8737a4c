import Testing

@testable import CallReminderChannel
@testable import Curl

@Suite struct CollectionPropertiesTests {
    private func judge(_ properties: String, status: Int = 207, for kind: CallEntry.Kind = .todo)
        -> PlaceSurvey
    {
        let body = """
            <?xml version='1.0'?>
            <x:multistatus xmlns:x="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"
                xmlns:s="http://calendarserver.org/ns/"><x:response><x:propstat><x:prop>
            \(properties)</x:prop></x:propstat></x:response></x:multistatus>
            """
        return CollectionProperties.judge(
            HTTPResponse(status: status, headers: [], body: Array(body.utf8)), for: kind)
    }

    private let calendar = "<x:resourcetype><x:collection/><c:calendar/></x:resourcetype>"

    private func refusal(_ survey: PlaceSurvey) -> String? {
        if case .refused(let reason) = survey { reason } else { nil }
    }

    @Test func aCalendarThatTellsLittle() {
        #expect(judge(calendar) == .open(mark: nil))
        #expect(judge("\(calendar)<s:getctag/>") == .open(mark: nil))
    }

    @Test func aCalendarThatTellsAll() {
        let all = """
            \(calendar)<s:getctag> "a-1" </s:getctag><c:supported-calendar-component-set>
            <c:comp name='VTODO'/></c:supported-calendar-component-set>
            <x:current-user-privilege-set><x:privilege><x:read/></x:privilege>
            <x:privilege><x:write/></x:privilege></x:current-user-privilege-set>
            """
        #expect(judge(all) == .open(mark: "\"a-1\""))
        #expect(refusal(judge(all, for: .event))?.contains("entry: todo") == true)
    }

    @Test func oneThatMayOnlyBeRead() {
        let privileges = """
            <x:current-user-privilege-set><x:privilege><x:read/></x:privilege>
            </x:current-user-privilege-set>
            """
        #expect(refusal(judge(calendar + privileges))?.contains("only read") == true)
    }

    @Test func noCalendar() {
        let folder = judge("<x:resourcetype><x:collection/></x:resourcetype>")
        #expect(refusal(folder)?.contains("no calendar") == true)
        let text = HTTPResponse(status: 207, headers: [], body: Array("hello".utf8))
        #expect(refusal(CollectionProperties.judge(text, for: .todo))?.contains("XML") == true)
    }

    @Test(arguments: [301, 400, 401, 403, 404, 405, 200])
    func refusals(_ status: Int) { #expect(refusal(judge(calendar, status: status)) != nil) }

    @Test(arguments: [429, 500, 503])
    func aServerThatIsBusy(_ status: Int) {
        guard case .silent = judge(calendar, status: status) else {
            Issue.record("not silent")
            return
        }
    }
}
