/// Why bytes are not one strict JSON value, and where.
public struct JSONError: Error, Hashable, Sendable {
    /// The offset of the offending byte, from 0.
    public let offset: Int
    /// What is wrong there, without any of the text itself.
    public let reason: String
}

extension JSON {
    /// The greatest nesting of arrays and objects that is read.
    public static let maximumDepth = 32

    /// Reads `bytes` as exactly one strict JSON value (RFC 8259) with white space around it.
    ///
    /// Beyond the grammar it refuses what parsers are known to disagree on: duplicate names (after
    /// unescaping, by their code points: a composed é is another name than a decomposed one), lone
    /// surrogates, invalid UTF-8, a byte order mark, integers beyond ±(2^53-1), numbers that no double
    /// can hold, and nesting deeper than ``maximumDepth``.
    ///
    /// - Throws: ``JSONError`` with the position of the first offence.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let result =
            bytes.withContiguousStorageIfAvailable { JSON.parse($0) }
            ?? Array(bytes).withUnsafeBufferPointer { JSON.parse($0) }
        self = try result.get()
    }

    /// Reads `text` as exactly one strict JSON value; see ``init(parsing:)-(Collection<UInt8>)``.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
        var reader = JSONReader(bytes: bytes)
        do throws(JSONError) {
            return .success(try reader.document())
        } catch {
            return .failure(error)
        }
    }
}
