/// Pieces of a channel's output for people to read.
enum Quote {
    /// `text` without control characters, which could rewrite the terminal that shows it.
    static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map(printable)))
    }

    /// At most 400 characters of `text`.
    static func clipped(_ text: String) -> String {
        text.count <= 400 ? text : text.prefix(400) + "..."
    }

    /// A line that is none of the protocol's, with what is wrong with it.
    static func stray(_ stray: Record.Stray) -> String {
        stray.text.isEmpty ? "\(stray.reason)." : "\(stray.reason): \(stray.text)"
    }

    /// A time in seconds.
    static func seconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: " "
        default: scalar
        }
    }
}
