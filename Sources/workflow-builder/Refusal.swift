import HTTPListener
import JSONLines

extension OutgoingResponse {
    /// A response in the form of the service's own errors.
    static func refusal(
        _ status: Int, code: String, _ message: String, hint: String? = nil,
        headers: [String: String] = [:]
    ) -> OutgoingResponse {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let hint { error["hint"] = .string(hint) }
        let reply: JSON = ["ok": false, "error": .object(error)]
        return OutgoingResponse(
            status, contentType: "application/json",
            headers: headers.merging(["Cache-Control": "no-store"]) { own, _ in own },
            bytes: reply.bytes)
    }
}
