/// Checks the quotation marks of a CSV file, which decide where its cells and rows end.
///
/// Source: RFC 4180, section 2; line ends may be CRLF, LF or CR.
struct CSVQuotation {
    private let delimiter: Unicode.Scalar
    private var state = State.cellStart
    private var line = 1

    private enum State: Equatable {
        case cellStart, plain
        /// Within quotation marks, or behind them, that were opened in this line.
        case quoted(Int)
        case closed(Int)
    }

    private init(delimiter: Unicode.Scalar) { self.delimiter = delimiter }

    /// Refuses `text` where a quotation mark is not closed, stands within a cell, or is followed by text.
    static func check(_ text: String, delimiter: Unicode.Scalar) throws(ContactFile.FileError) {
        var check = CSVQuotation(delimiter: delimiter)
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            try check.take(scalar, behind: last)
            last = scalar
        }
        if case .quoted(let opened) = check.state {
            throw .init(
                reason:
                    "The quotation mark in line \(opened) is not closed, so that it takes in the lines "
                    + "behind it. Close it, or write a mark within a value twice.")
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar, behind last: Unicode.Scalar)
        throws(ContactFile.FileError)
    {
        guard scalar != "\0" else {
            throw .init(reason: "Line \(line) holds a NUL character. Save it as \"CSV UTF-8\".")
        }
        let isLineEnd = scalar == "\n" || scalar == "\r"
        if isLineEnd, !(scalar == "\n" && last == "\r") { line += 1 }
        switch state {
        case .quoted(let opened): if scalar == "\"" { state = .closed(opened) }
        case .closed(let opened) where scalar == "\"": state = .quoted(opened)
        case .cellStart where scalar == "\"":
            state = .quoted(line)
        case _ where scalar == delimiter || isLineEnd: state = .cellStart
        case .cellStart: state = .plain
        case .plain: if scalar == "\"" { throw stray() }
        case .closed: throw stray()
        }
    }

    private func stray() -> ContactFile.FileError {
        .init(
            reason: "It is no CSV: a quotation mark stands where none can be in line \(line). "
                + "A value with quotation marks is written as \"so \"\"quoted\"\"\".")
    }
}
