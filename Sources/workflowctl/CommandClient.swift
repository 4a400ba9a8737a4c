import JSONLines
import WorkflowProtocol
import ZeroMQ

/// A client of the command endpoint: one command, one reply.
final class CommandClient {
    private let context: Context
    private let socket: Socket
    private let endpoint: String

    /// A client that waits up to `timeout` for each reply.
    init(endpoint: String, timeout: Duration) throws(Failure) {
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
            throw Failure("\(endpoint) cannot be used: \(error.reason)", exitCode: 64)
        }
    }

    deinit {
        socket.close()
        context.terminate()
    }

    /// Sends one message as it is, and returns the reply as it comes.
    /// - Throws: ``Failure`` with exit code 69 where nobody answers in time.
    func exchange(_ message: [UInt8]) throws(Failure) -> [UInt8] {
        do {
            if try socket.send([message]), let frames = try socket.receive() {
                return frames.last ?? []
            }
        } catch {
            throw Failure("\(endpoint): \(error.reason)", exitCode: 69)
        }
        throw Failure("No answer from \(endpoint). Is workflowd running there?", exitCode: 69)
    }

    /// Sends the command `op`, and returns its result.
    /// - Throws: ``Failure`` where it is refused, with the service's own words.
    @discardableResult
    func call(_ op: String, _ args: JSONObject = [:]) throws(Failure) -> JSON {
        let request: JSON = ["op": .string(op), "args": .object(args)]
        let reply: JSON
        do {
            reply = try JSON(parsing: try exchange(request.bytes))
        } catch let error as JSONError {
            throw Failure("The reply is no JSON: \(error.reason)")
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure("\(error)")
        }
        guard reply["ok"] == true, let result = reply["result"] else {
            let error = reply["error"]
            let hint = error?["hint"]?.string.map { " \($0)" } ?? ""
            throw Failure("\(op): \(error?["message"]?.string ?? "refused")\(hint)")
        }
        return result
    }
}
