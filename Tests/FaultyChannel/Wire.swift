import ChannelKit
import Glibc
import JSONLines

/// Bytes to the host.
enum Wire {
    static func write(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
    static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }
    static func complain(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    static func answer(_ id: JSON, _ members: JSONObject) {
        var line = members
        line["id"] = id
        write(JSON.object(line).text + "\n")
    }

    static func write(line: ChannelLine) {
        var bytes: [UInt8] = []
        line.write(to: &bytes)
        write(bytes)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
