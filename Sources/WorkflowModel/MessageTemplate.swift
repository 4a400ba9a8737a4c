public import JSONLines

/// Why a message text cannot be used, and where.
public struct MessageTextError: Error, Hashable, Sendable {
    /// The offset of the offending character in Unicode scalars, from 0.
    public let offset: Int
    /// One sentence that repeats nothing of the text.
    public let reason: String
    /// How to mend it, where that is known.
    public let hint: String?
}

/// Why a message cannot be written.
public enum RenderingError: Error, Hashable, Sendable {
    /// This field, as the tag names it first, has no value, and the tag no default.
    case missingField(FieldPath)
    /// The text is longer than ``DefinitionLimits/text`` bytes with the fields' values in it.
    case tooLong
}

/// The text of a message with merge fields: `Hi {{ contact.first_name | default: "there" }}`.
///
/// Of Liquid it knows the output tag and the `default` filter, which may be repeated. A default is a
/// text in straight quotes or another field. `{%` is refused; everything else is text.
public struct MessageTemplate: Hashable, Sendable {
    /// The text as it was written.
    public let source: String
    let segments: [Segment]
    /// A guess at the length of a rendered text.
    private let expectedLength: Int

    /// A part of a template.
    enum Segment: Hashable, Sendable {
        case text(String)
        case field(Field)
    }

    /// A merge field with what stands in for it, in order.
    struct Field: Hashable, Sendable {
        var path: FieldPath
        var defaults: [Default] = []
    }

    /// What stands in for a field without a value.
    enum Default: Hashable, Sendable {
        case text(String)
        case field(FieldPath)
    }

    /// A message as it is sent.
    public struct Rendered: Hashable, Sendable {
        /// The text, complete.
        public let text: String
        /// The fields that had no value, so that a default stands for them, each once and in order.
        public let defaultsUsed: [String]
    }

    /// Reads `source`.
    /// - Throws: ``MessageTextError`` about the first tag that is wrong.
    public init(parsing source: String) throws(MessageTextError) {
        var parser = MessageParser(source)
        self.source = source
        segments = try parser.segments()
        expectedLength = source.utf8.count + 32 * segments.count
    }

    /// All fields that the text names, those of defaults included, each once and in order.
    public var fields: [FieldPath] {
        var fields: [FieldPath] = []
        var seen: Set<FieldPath> = []
        func add(_ path: FieldPath) { if seen.insert(path).inserted { fields.append(path) } }
        for case .field(let field) in segments {
            add(field.path)
            for case .field(let path) in field.defaults { add(path) }
        }
        return fields
    }

    /// Writes the text with the values that `lookup` gives for its fields; times read as in `zone`.
    ///
    /// Null, blank text, arrays and objects are no value, and neither is `false` where the tag has a
    /// default. With `escapingHTML`, values and defaults are escaped for HTML text and quoted
    /// attributes, and the text around them is left alone.
    ///
    /// - Throws: ``RenderingError`` about the first field without a value and a default, or where the
    ///   text becomes too long.
    public func render(
        escapingHTML: Bool, zone: ZoneCalendar, lookup: (FieldPath) -> JSON?
    ) throws(RenderingError) -> Rendered {
        var text = ""
        text.reserveCapacity(expectedLength)
        var defaults = UsedDefaults()
        for segment in segments {
            switch segment {
            case .text(let fixed): text += fixed
            case .field(let field):
                let value = try field.value(in: zone, lookup, &defaults)
                if escapingHTML { text.append(escapingHTML: value) } else { text += value }
            }
            guard text.utf8.count <= DefinitionLimits.text else { throw .tooLong }
        }
        return Rendered(text: text, defaultsUsed: defaults.names)
    }
}

/// The fields that had no value, each once and in order.
private struct UsedDefaults {
    private(set) var names: [String] = []
    private var seen: Set<String> = []

    mutating func add(_ name: String) { if seen.insert(name).inserted { names.append(name) } }
}

extension MessageTemplate.Field {
    /// The text of the first alternative that has one.
    fileprivate func value(
        in zone: ZoneCalendar, _ lookup: (FieldPath) -> JSON?, _ defaults: inout UsedDefaults
    ) throws(RenderingError) -> String {
        if let value = lookup(path), self.defaults.isEmpty || value != .bool(false),
            let text = value.messageText(in: zone)
        {
            return text
        }
        for standIn in self.defaults {
            guard let text = standIn.text(in: zone, lookup) else { continue }
            defaults.add(path.text)
            return text
        }
        throw .missingField(path)
    }
}

extension MessageTemplate.Default {
    fileprivate func text(in zone: ZoneCalendar, _ lookup: (FieldPath) -> JSON?) -> String? {
        switch self {
        case .text(let text): text
        case .field(let path): lookup(path)?.messageText(in: zone)
        }
    }
}
