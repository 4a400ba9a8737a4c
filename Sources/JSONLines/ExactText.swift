/// A text that is equal to another one only where it has the same code points.
///
/// Swift's own strings are equal where Unicode calls them canonically equivalent: `é` as one code point
/// and as two. RFC 8259, section 8.3, compares code unit by code unit.
public struct ExactText: Hashable, Sendable {
    /// The text.
    public let text: String

    /// The exact form of `text`.
    public init(_ text: String) { self.text = text }

    /// Whether both have the same code points.
    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    /// Feeds the text's bytes to `hasher`.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether this text has the same code points as `other`.
    public func isExactly(_ other: String) -> Bool {
        self == other && utf8.elementsEqual(other.utf8)
    }
}
