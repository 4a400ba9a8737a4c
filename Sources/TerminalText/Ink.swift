/// Colours for a terminal that wants them, and plain text for everything else.
public struct Ink: Hashable, Sendable {
    /// Whether escape sequences are written.
    public let isColored: Bool

    /// Ink that writes escape sequences or none.
    public init(isColored: Bool) { self.isColored = isColored }

    /// Ink for a pipe or a file.
    public static let plain = Ink(isColored: false)

    /// The ink for an output under `environment`.
    ///
    /// Colours are for terminals alone, not for `TERM=dumb`, and not where `NO_COLOR` is set to
    /// anything; source: no-color.org.
    public static func suited(toTerminal isTerminal: Bool, environment: [String: String]) -> Ink {
        let isUnwanted = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Ink(isColored: isTerminal && !isUnwanted)
    }

    /// `text` in bold.
    public func bold(_ text: String) -> String { colored(text, "1") }
    /// `text` stepping back.
    public func dim(_ text: String) -> String { colored(text, "2") }
    /// `text` in red: something is wrong.
    public func red(_ text: String) -> String { colored(text, "31") }
    /// `text` in green: all is well.
    public func green(_ text: String) -> String { colored(text, "32") }
    /// `text` in yellow: it waits, or needs a look.
    public func yellow(_ text: String) -> String { colored(text, "33") }
    /// `text` in cyan: a name.
    public func cyan(_ text: String) -> String { colored(text, "36") }

    private func colored(_ text: String, _ code: String) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
