import Testing

@testable import CallReminderChannel

@Suite struct EntryNameTests {
    @Test func ordinaryKeysStayReadable() {
        #expect(EntryName(key: "5f2c-7-0-0")?.file == "workflowd-call-5f2c-7-0-0.ics")
    }

    @Test func differentKeysHaveDifferentNames() {
        let keys = [
            "a.b", "a_b", "a_2eb", "a/b", "a b", "../b", "ä", "a\u{308}", "A.B", "\n", "\0",
        ]
        let names = keys.compactMap(EntryName.init(key:)).map(\.file)
        #expect(Set(names).count == keys.count)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
        #expect(names.allSatisfy { $0.allSatisfy(allowed.contains) })
        #expect(names.allSatisfy { $0.filter { $0 == "." }.count == 1 })
    }

    @Test func whatNoFileCanBeCalled() {
        #expect(EntryName(key: "") == nil)
        #expect(EntryName(key: String(repeating: "x", count: 200)) != nil)
        #expect(EntryName(key: String(repeating: "x", count: 201)) == nil)
        #expect(EntryName(key: String(repeating: "ä", count: 40)) == nil)
    }
}
