/// What an entry is called: made from the message's key alone, so that sending twice is one entry.
struct EntryName: Hashable, Sendable {
    /// The UID within the iCalendar object.
    let uid: String

    /// The file's name in a folder, and the last part of the address on a server.
    var file: String { "\(uid).ics" }

    /// The name of the message with `key`; nil where that is too long for a file's name.
    ///
    /// Different keys have different names: what is neither letter, digit nor `-` is written as `_`
    /// and two hexadecimal digits.
    init?(key: String) {
        let encoded = key.utf8.map(EntryName.form).joined()
        guard (1...200).contains(encoded.utf8.count) else { return nil }
        uid = "workflowd-call-\(encoded)"
    }

    private static func form(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            String(Unicode.Scalar(byte))
        default: byte < 16 ? "_0\(String(byte, radix: 16))" : "_\(String(byte, radix: 16))"
        }
    }
}
