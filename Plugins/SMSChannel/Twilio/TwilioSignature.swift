import CCrypto
import Foundation

/// The signature by which Twilio's calls are told from anybody's.
///
/// Source: Twilio, Webhooks Security: HMAC-SHA1 with the account's token over the address as Twilio knows it
/// and the form's fields, names and values, sorted by name; in Base64.
enum TwilioSignature {
    /// Whether `signature` is that of a call to `url` with `fields`.
    static func isValid(
        _ signature: String, url: String, fields: [(name: String, value: String)], token: String
    ) -> Bool {
        Secret.areEqual(signature, make(url: url, fields: fields, token: token))
    }

    static func make(
        url: String, fields: [(name: String, value: String)], token: String
    ) -> String {
        let pairs = Set(fields.map { [$0.name, $0.value] }).sorted {
            $0.lexicographicallyPrecedes($1) {
                Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
            }
        }
        return code(of: Array((url + pairs.joined().joined()).utf8), key: Array(token.utf8))
    }

    private static func code(of bytes: [UInt8], key: [UInt8]) -> String {
        var code = [UInt8](repeating: 0, count: 20)
        let isDone = workflows_hmac_sha1(key, Int32(key.count), bytes, bytes.count, &code)
        precondition(isDone == 1, "OpenSSL has HMAC-SHA1.")
        return Data(code).base64EncodedString()
    }
}
