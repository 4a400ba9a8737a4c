import ChannelHost
import Foundation
import JSONLines
import Testing

/// What a channel leaves behind it, and what it takes away from itself.
@Suite(.serialized) struct LeftBehindTests {
    /// A channel that does `work` when it gets a message, and ends.
    private static func channel(_ work: String, named name: String = "faulty") -> String {
        """
        while read -r line; do id=${line#*\\"id\\":}; id="{\\"id\\":${id%%,*}"; case "$line" in
        *'"hello"'*) echo "$id"',"manifest":{"protocols":[1],"name":"s","version":"1",\
        "channel":"\(name)","address":"phone"}}';;
        *'"configure"'*) echo "$id"',"ok":true}';;
        *'"send"'*) \(work)
        exit 0;;
        esac; done
        """
    }

    private static let sleeper = "echo $$ > pid.new; mv pid.new pid; exec sleep 600"

    /// Ways out of the channel's process group.
    private static let escapes = [
        "setsid sh -c '\(sleeper)' &",
        "setsid sh -c '\(sleeper)' < /dev/null > /dev/null 2>&1 &",
        "(setsid sh -c '\(sleeper)' &)",
        "(cd /; setsid sh -c 'cd \"$0\"; \(sleeper)' \"$OLDPWD\" &) &",
        "setsid sh -c 'env -i sh -c \"cd $PWD; echo \\$\\$ > pid.new; mv pid.new pid; exec sleep 600\"; wait' &",
    ]

    @Test(arguments: escapes)
    func whatLeftTheGroupIsEndedWithTheChannel(_ escape: String) throws {
        let bench = try Bench(
            script: Self.channel("\(escape)\nwhile [ ! -s pid ]; do sleep 0.01; done"), config: [:])
        bench.start()
        bench.send("k")
        bench.run { $0.status.deaths == 1 }
        let process = try #require(Self.process(bench))
        bench.run { _ in !OpenDescriptors.isRunning(process) }
        #expect(!OpenDescriptors.isRunning(process))
    }

    @Test func whatLeftTheGroupIsEndedWithTheHost() throws {
        let bench = try Bench(
            script: Self.channel("\(Self.escapes[1])\ncontinue"), config: [:])
        bench.start()
        bench.send("k")
        bench.run { Self.process($0) != nil }
        let process = try #require(Self.process(bench))
        #expect(OpenDescriptors.isRunning(process))
        bench.host.stop()
        bench.run { _ in !OpenDescriptors.isRunning(process) }
        #expect(!OpenDescriptors.isRunning(process))
    }

    @Test func nothingOfAnotherChannelIsEnded() throws {
        let other = try Bench(
            script: Self.channel("\(Self.escapes[1])\ncontinue"), config: [:])
        other.start()
        other.send("k")
        other.run { Self.process($0) != nil }
        let process = try #require(Self.process(other))
        let bench = try Bench(script: Self.channel(""), config: [:])
        bench.start()
        bench.send("k")
        bench.run { $0.status.deaths == 1 }
        #expect(OpenDescriptors.isRunning(process))
    }

    private static func process(_ bench: Bench) -> pid_t? {
        let data = FileManager.default.contents(atPath: bench.folder.path + "/pid") ?? Data()
        return pid_t(
            String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test(arguments: ["rm -rf \"$PWD\"", "rm -rf \"$PWD\"; touch \"$PWD\""])
    func aWorkingFolderThatIsGoneIsMadeAgain(_ work: String) throws {
        let bench = try Bench(script: Self.channel(work), config: [:])
        bench.start()
        bench.send("k")
        bench.run { $0.status.deaths == 1 }
        bench.advance(by: .seconds(1))
        if work.contains("touch") {
            bench.run { $0.status.deaths == 2 }
            #expect(
                bench.status.lastError
                    == "It was not started: Its working folder \(bench.folder.path) is no folder.")
            try FileManager.default.removeItem(atPath: bench.folder.path)
            bench.advance(by: .seconds(60))
        }
        bench.run { $0.isReady }
        #expect(bench.isReady, "\(bench.reasons) \(bench.status)")
    }

    // MARK: Programs that cannot be started

    @Test func aScriptWithoutItsInterpreterSaysSo() throws {
        let folder = try TemporaryFolder()
        let program = folder.path + "/channel"
        try "#!/no/such/python3 -u\nprint()\n".write(
            toFile: program, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: program)
        #expect(
            try reason(program)
                == "It was not started: The first line of \(program) asks for /no/such/python3, "
                + "which is not there or may not be executed.")
    }

    @Test func aProgramThatVanishedSaysSo() throws {
        #expect(
            try reason("/no/such/channel")
                == "It was not started: There is no file at /no/such/channel.")
        let folder = try TemporaryFolder()
        #expect(
            try reason(folder.path)
                == "It was not started: \(folder.path) is a folder, not a program.")
        let program = folder.path + "/channel"
        try "#!/bin/sh\n".write(toFile: program, atomically: false, encoding: .utf8)
        #expect(
            try reason(program)
                == "It was not started: \(program) may not be executed: chmod +x \(program).")
    }

    private func reason(_ program: String) throws -> String? {
        let bench = try Bench(program: program)
        bench.host.start()
        bench.run { $0.status.deaths == 1 }
        return bench.status.lastError
    }

    // MARK: Names

    @Test func aManifestThatNamesAnotherChannelIsSaidOnce() throws {
        let bench = try Bench(script: Self.channel("", named: "whatsapp"), config: [:])
        for deaths in 1...2 {
            bench.start()
            bench.run { $0.isReady }
            bench.send("k\(deaths)")
            bench.run { $0.status.deaths == deaths }
            bench.advance(by: .seconds(60))
        }
        let said = bench.log.filter { $0.contains("names another channel") }
        #expect(said.count == 1 && said[0].contains("whatsapp") && said[0].contains("faulty"))
        let same = try Bench(script: Self.channel(""), config: [:])
        same.start()
        #expect(!same.log.contains { $0.contains("names another channel") })
    }
}
