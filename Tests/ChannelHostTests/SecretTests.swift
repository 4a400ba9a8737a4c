import CTestEnvironment
import ChannelHost
import ChannelKit
import Foundation
import JSONLines
import Testing

/// Secrets reach the channel and nobody else.
@Suite struct SecretTests {
    @Test func referencesAreFollowedHoweverDeep() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/password"
        try Data("from a file\n".utf8).write(to: URL(fileURLWithPath: file))
        let resolved = try SecretReferences.resolve([
            "user": "ann", "port": 587, "password": .string("file:\(file)"),
            "nested": ["keys": ["env:CHANNEL_TEST_SECRET"]],
        ])
        #expect(
            resolved.config == [
                "user": "ann", "port": 587, "password": "from a file",
                "nested": ["keys": ["from the environment"]],
            ])
        #expect(Set(resolved.values) == ["from a file", "from the environment"])
    }

    @Test(
        arguments: [
            (
                ["password": "env:CHANNEL_TEST_UNSET"],
                "config.password: the variable CHANNEL_TEST_UNSET"
            ),
            (["keys": ["file:/no/such/file"]], "config.keys[0]: the file /no/such/file"),
        ] as [(JSONObject, String)])
    func aReferenceToNothingSaysWhere(_ config: JSONObject, _ beginning: String) throws {
        let error = #expect(throws: SecretReferences.Unresolved.self) {
            _ = try SecretReferences.resolve(config)
        }
        #expect(error?.description.hasPrefix(beginning) == true)
    }

    @Test func aChannelWhoseSecretIsMissingIsFaultyUntilItIsThere() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/token"
        let bench = try Bench("none", config: ["token": .string("file:\(file)")])
        bench.host.start()
        bench.run { $0.status.state == .faulty }
        #expect(bench.status.lastError?.contains("config.token: the file") == true)
        try Data("secret".utf8).write(to: URL(fileURLWithPath: file))
        bench.advance(by: .seconds(60))
        bench.run { $0.isReady }
        #expect(bench.isReady)
        #expect(bench.status.deaths == 0)
    }

    /// A channel that repeats its whole configuration wherever it can.
    private static let talker = """
        read hello
        echo '{"id":1,"manifest":{"protocols":[1],"name":"talker","version":"1","channel":"faulty",\
        "address":"phone","config":{"password":{"secret":true}}}}'
        read configure
        echo "my configuration is $configure" >&2
        echo '{"id":2,"ok":true}'
        read send
        echo '{"id":3,"outcome":"failed","failure":{"kind":"permanent","reason":"no hunter2 and no s3cret!"}}'
        read end
        echo "the end of hunter2 and s3cret" >&2
        exit 3
        """

    @Test func whatAChannelRepeatsIsMaskedEverywhere() throws {
        let bench = try Bench(
            script: Self.talker,
            config: ["password": "hunter2", "token": "env:CHANNEL_TEST_TOKEN", "region": "eu"])
        bench.start()
        bench.send("k")
        bench.run { !$0.answers.isEmpty }
        guard case .failed(let failure)? = bench.answers.first?.answer else {
            Issue.record("The channel did not answer.")
            return
        }
        #expect(failure.reason == "no *** and no ***!")
        bench.send("last")
        bench.run { $0.status.deaths == 1 }
        #expect(bench.status.lastError?.contains("the end of *** and ***") == true)
        #expect(!bench.log.contains { $0.contains("hunter2") || $0.contains("s3cret") })
        #expect(bench.log.contains { $0.contains("my configuration is") && $0.contains("eu") })
    }

    @Test func aRefusalThatRepeatsASecretIsMasked() throws {
        let script = """
            read hello
            echo '{"id":1,"manifest":{"protocols":[1],"name":"t","version":"1","channel":"faulty","address":"phone",\
            "config":{"password":{"secret":true}}}}'
            read configure
            echo '{"id":2,"ok":false,"error":"hunter2 is wrong"}'
            read end
            """
        let bench = try Bench(script: script, config: ["password": "hunter2"])
        bench.host.start()
        bench.run { $0.status.state == .faulty }
        #expect(bench.status.lastError == "Its configuration was refused: *** is wrong")
    }
}
