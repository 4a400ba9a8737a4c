import Foundation
public import JSONLines

/// What the service answered to a command that it did.
public struct CommandReply: Sendable {
    /// The result.
    public let result: JSON
    /// Whether it was done before under the same idempotency key, and nothing was done now.
    public let isReplayed: Bool
}

extension CommandClient {
    /// Sends the command `op`, and returns the whole reply.
    ///
    /// Where the service is overloaded, the command is sent again after the time that the refusal names,
    /// as long as the client waits for a reply.
    ///
    /// - Parameters:
    ///   - key: an idempotency key, under which the command has one effect however often it is sent.
    ///   - ifRev: the revision that the caller has seen, where the command takes one.
    /// - Throws: ``ClientError``; ``ClientError/refused(op:code:_:)`` with the service's own words.
    public func perform(
        _ op: String, _ args: JSONObject = [:], key: String? = nil, ifRev: Int64? = nil
    ) throws(ClientError) -> CommandReply {
        var request: JSONObject = ["op": .string(op), "args": .object(args)]
        request["key"] = key.map(JSON.string)
        request["if_rev"] = ifRev.map(JSON.integer)
        let message = JSON.object(request).bytes
        let end = ContinuousClock.now + timeout
        var reply = try reply(to: message)
        while let pause = Refusal.pause(reply), ContinuousClock.now + pause < end {
            Thread.sleep(forTimeInterval: pause / .seconds(1))
            reply = try self.reply(to: message)
        }
        if reply["ok"] == true, let result = reply["result"] {
            return CommandReply(result: result, isReplayed: reply["replayed"] == true)
        }
        let refusal = Refusal(reply["error"] ?? [:])
        throw .refused(op: op, code: refusal.code, refusal.sentence)
    }

    private func reply(to message: [UInt8]) throws(ClientError) -> JSON {
        let answer = try exchange(message)
        do {
            return try JSON(parsing: answer)
        } catch {
            throw .reply(error.reason)
        }
    }

    /// Reads all pages of a list, and returns its elements.
    ///
    /// - Parameters:
    ///   - name: the member of the reply that holds the elements.
    ///   - limit: how many elements to read at most.
    /// - Throws: ``ClientError``.
    public func list(_ op: String, _ name: String, _ args: JSONObject = [:], limit: Int = .max)
        throws(ClientError) -> [JSON]
    {
        var elements: [JSON] = []
        var args = args
        while elements.count < limit {
            args["limit"] = .integer(Int64(min(200, limit - elements.count)))
            let page = try call(op, args)
            elements += page[name]?.array ?? []
            guard let next = page["next"] else { break }
            args["cursor"] = next
        }
        return elements
    }
}

/// Why the service refused, as the `error` of a reply tells it.
public struct Refusal: Hashable, Sendable {
    /// One of the codes of `proto-docs/errors.md`.
    public let code: String
    /// What is wrong, and how to mend it where that is known.
    public let words: String
    /// Where in the command, or empty.
    public let path: String

    /// The refusal that an `error` member tells.
    public init(_ error: JSON) {
        code = error["code"]?.string ?? ""
        let message = error["message"]?.string ?? "The command was refused."
        words = error["hint"]?.string.map { "\(message) \($0)" } ?? message
        path = error["path"]?.string ?? ""
    }

    /// How long to wait before the same command is sent again; nil where `reply` does not ask for that.
    static func pause(_ reply: JSON) -> Duration? {
        guard let error = reply["error"], error["code"] == "overloaded" else { return nil }
        return error["details"]?["retry_after_ms"]?.integer.map { .milliseconds($0) }
    }

    /// The words, with the place where there is one.
    public var sentence: String { path.isEmpty ? words : "\(words) (at \(path))" }
}
