import ConfigurationFile
import Testing

/// Where in a file a value stands that is wrong.
@Suite struct FaultLineTests {
    private static let text = """
        # A comment
        data: here
        commands:
          - tcp://127.0.0.1:1
          - endpoint: tcp://0.0.0.0:2
            keys: some
        channels:
          sms: {config: {a: 1,
            b: 2}}
          sms.us:
            program: x
        """

    @Test(arguments: [
        ("data", 2), ("commands", 3), ("commands[0]", 4), ("commands[1]", 5),
        ("commands[1].keys", 6), ("channels.sms", 8), ("channels.sms.config.b", 9),
        ("channels.sms.us.program", 11), ("channels.sms.us", 10),
    ])
    func aPathHasALine(path: String, line: Int) {
        #expect(ConfigurationFile.lines(of: [path], in: Self.text) == [line])
    }

    @Test("What is missing stands where it belongs")
    func missing() {
        let paths = ["channels.sms.us.per_second", "commands[7]", "log.level", ""]
        #expect(ConfigurationFile.lines(of: paths, in: Self.text) == [10, 3, nil, nil])
    }

    @Test(arguments: ["", "[", "- a", "~"])
    func aTextWithoutMembersHasNoLines(text: String) {
        #expect(ConfigurationFile.lines(of: ["data"], in: text) == [nil])
    }
}
