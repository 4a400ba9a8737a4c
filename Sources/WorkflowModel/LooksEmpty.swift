extension String {
    /// Whether nobody would see anything of this text: it has no sign but spaces, controls, marks
    /// without a letter to stand on, and what Unicode calls ignorable.
    public var looksEmpty: Bool {
        if let first = utf8.first, (0x21...0x7E).contains(first) { return false }
        return unicodeScalars.allSatisfy(\.isInvisible)
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
        // Braille without dots, and a note without a head.
        if value == 0x2800 || value == 0x1D159 { return true }
        return switch properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            true
        default: false
        }
    }
}
