extension JSON {
    /// Appends this value to `line` as compact UTF-8 text without any line break.
    ///
    /// JSON has no infinity and no not-a-number: they are written as null.
    public func write(to line: inout [UInt8]) {
        var buffer = LineBuffer()
        defer { buffer.free() }
        write(to: &buffer)
        line.append(contentsOf: buffer.contents)
    }

    /// This value as compact UTF-8 bytes.
    public var bytes: [UInt8] {
        var buffer = LineBuffer()
        defer { buffer.free() }
        write(to: &buffer)
        return Array(buffer.contents)
    }

    /// This value as compact text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    func write(to line: inout LineBuffer) {
        switch self {
        case .null: line.append("null")
        case .bool(let value): line.append(value ? "true" : "false")
        case .integer(let value): line.append(value)
        case .number(let value): line.append(value.isFinite ? value.description : "null")
        case .string(let text): line.append(quoting: text)
        case .array(let elements):
            line.append(UInt8(ascii: "["))
            for index in elements.indices {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                elements[index].write(to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .object(let object): object.write(to: &line)
        }
    }
}

extension JSONObject {
    /// Appends this object to `line` as compact UTF-8 text without any line break.
    public func write(to line: inout [UInt8]) { JSON.object(self).write(to: &line) }

    func write(to line: inout LineBuffer) {
        line.append(UInt8(ascii: "{"))
        for index in members.indices {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line.append(quoting: members[index].name)
            line.append(UInt8(ascii: ":"))
            members[index].value.write(to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }
}
