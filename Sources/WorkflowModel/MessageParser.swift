/// Reads the source of a ``MessageTemplate``.
struct MessageParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    mutating func segments() throws(MessageTextError) -> [MessageTemplate.Segment] {
        var segments: [MessageTemplate.Segment] = []
        while position < scalars.count {
            if isAt("{{") {
                segments.append(.field(try field()))
            } else if isAt("{%") {
                throw error(
                    "Liquid's logic tags are not supported in a message.",
                    hint: "Use a branch step to say different things to different contacts.")
            } else {
                segments.append(.text(plainText()))
            }
        }
        return segments
    }

    /// Takes text up to the next tag or the end.
    private mutating func plainText() -> String {
        var text = String.UnicodeScalarView()
        repeat {
            text.append(scalars[position])
            position += 1
        } while position < scalars.count && !isAt("{{") && !isAt("{%")
        return String(text)
    }

    private mutating func field() throws(MessageTextError) -> MessageTemplate.Field {
        let start = position
        position += 2
        if let scalar = current, scalar == "{" || scalar == "-" {
            throw error("A merge field opens with \"{{\" and no other sign behind it.")
        }
        skipSpace()
        var field = MessageTemplate.Field(path: try path())
        skipSpace()
        while current == "|" {
            position += 1
            field.defaults.append(try defaultFilter())
            skipSpace()
        }
        try close(tagFrom: start)
        return field
    }

    private mutating func close(tagFrom start: Int) throws(MessageTextError) {
        guard let scalar = current else {
            throw error("A merge field is not closed.", hint: "Close it with \"}}\".", at: start)
        }
        guard isAt("}}") else {
            throw error(
                scalar == "-" || scalar == "}"
                    ? "A merge field closes with \"}}\" and no other sign before it."
                    : "A merge field holds a field and perhaps \"| default:\", nothing else.")
        }
        position += 2
        guard current != "}" else {
            throw error("A merge field closes with \"}}\" and no third brace.")
        }
    }

    private mutating func path() throws(MessageTextError) -> FieldPath {
        let start = position
        guard current != nil else {
            throw error("A merge field is not closed.", hint: "Close it with \"}}\".")
        }
        while let scalar = current, isPathScalar(scalar) { position += 1 }
        do throws(FieldPathError) {
            return try FieldPath(parsing: text(from: start))
        } catch {
            throw self.error(error.reason, hint: error.hint, at: start)
        }
    }

    private func isPathScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar == "." || FieldPath.isNameByte(UInt8(scalar.value)))
    }

    private mutating func defaultFilter() throws(MessageTextError) -> MessageTemplate.Default {
        skipSpace()
        let start = position
        while let scalar = current, isPathScalar(scalar) { position += 1 }
        guard text(from: start) == "default" else {
            throw error(
                "The only filter is \"default\".", hint: "Write | default: \"text\".", at: start)
        }
        skipSpace()
        guard current == ":" else { throw error("A colon is missing after \"default\".") }
        position += 1
        skipSpace()
        guard let scalar = current else {
            throw error("A default is missing.", hint: "Write | default: \"text\".")
        }
        switch scalar {
        case "\"", "'": return .text(try quoted(scalar))
        case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}":
            throw error("A default stands in straight quotes, not in typographic ones.")
        default: return .field(try path())
        }
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(MessageTextError) -> String {
        let start = position + 1
        position = start
        while let scalar = current, scalar != quote { position += 1 }
        guard current == quote else {
            throw error("The quotes around a default are not closed.", at: start - 1)
        }
        defer { position += 1 }
        return text(from: start)
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func isAt(_ pair: StaticString) -> Bool {
        position + 1 < scalars.count && scalars[position].value == UInt32(pair.utf8Start[0])
            && scalars[position + 1].value == UInt32(pair.utf8Start[1])
    }

    private mutating func skipSpace() {
        while let scalar = current, scalar.properties.isWhitespace { position += 1 }
    }

    private func text(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private func error(
        _ reason: String, hint: String? = nil, at offset: Int? = nil
    ) -> MessageTextError {
        MessageTextError(offset: offset ?? position, reason: reason, hint: hint)
    }
}
