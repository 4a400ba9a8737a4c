public import JSONLines
import ZeroMQ

/// A client of the command endpoint: one command, one reply.
///
/// It belongs to one thread.
public final class CommandClient {
    private let context: Context
    private let socket: Socket
    private let endpoint: String

    /// A client that waits up to `timeout` for each reply.
    /// - Throws: ``ClientError/endpoint(_:reason:)``.
    public init(endpoint: String, timeout: Duration) throws(ClientError) {
        self.endpoint = endpoint
        context = Context()
        do {
            socket = try Socket(context, .request)
            try socket.set(
                .linger(.zero), .requestRelaxed(true), .requestCorrelate(true),
                .receiveTimeout(timeout),
                .sendTimeout(timeout))
            try socket.connect(endpoint)
        } catch {
            throw .endpoint(endpoint, reason: error.reason)
        }
    }

    deinit {
        socket.close()
        context.terminate()
    }

    /// Sends one message as it is, and returns the reply as it comes.
    /// - Throws: ``ClientError/noAnswer(_:)``.
    public func exchange(_ message: [UInt8]) throws(ClientError) -> [UInt8] {
        do {
            if try socket.send([message]), let frames = try socket.receive() {
                return frames.last ?? []
            }
        } catch {
            throw .endpoint(endpoint, reason: error.reason)
        }
        throw .noAnswer(endpoint)
    }

    /// Sends the command `op`, and returns its result.
    /// - Throws: ``ClientError``; ``ClientError/refused(op:code:_:)`` with the service's own words.
    @discardableResult
    public func call(_ op: String, _ args: JSONObject = [:]) throws(ClientError) -> JSON {
        let request: JSON = ["op": .string(op), "args": .object(args)]
        let answer = try exchange(request.bytes)
        let reply: JSON
        do {
            reply = try JSON(parsing: answer)
        } catch {
            throw .reply(error.reason)
        }
        if reply["ok"] == true, let result = reply["result"] { return result }
        let error = reply["error"]
        let hint = error?["hint"]?.string.map { " \($0)" } ?? ""
        throw .refused(
            op: op, code: error?["code"]?.string ?? "",
            (error?["message"]?.string ?? "refused") + hint)
    }
}
