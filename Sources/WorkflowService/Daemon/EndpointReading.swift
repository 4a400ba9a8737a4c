import JSONLines

extension ObjectReader {
    /// Member `name` as endpoints: addresses, or `{"endpoint", "keys"}` with `required` or `none`; nil
    /// where absent.
    mutating func endpoints(_ name: String) throws(FieldError) -> [Endpoint]? {
        guard let value = value(name) else { return nil }
        let path = path(of: name)
        guard let elements = value.array else { return [try Endpoint(json: value, at: path)] }
        guard !elements.isEmpty else { throw invalid(name, "It names no endpoint.") }
        var endpoints: [Endpoint] = []
        for (index, element) in elements.enumerated() {
            endpoints.append(try Endpoint(json: element, at: "\(path)[\(index)]"))
        }
        return endpoints
    }
}

extension Endpoint {
    fileprivate init(json: JSON, at path: String) throws(FieldError) {
        if let address = json.string {
            try Endpoint.check(address, at: path)
            self.init(address)
            return
        }
        var reader = try ObjectReader(json, at: path)
        let address = try reader.requiredString("endpoint")
        try Endpoint.check(address, at: reader.path(of: "endpoint"))
        let keys = try reader.string("keys")
        try reader.finish()
        self.init(address, asksForKeys: keys == "required")
        guard [nil, "required", "none"].contains(keys) else {
            throw reader.invalid("keys", "It must be required or none.")
        }
        guard keys != "none" || !asksForKeys else {
            throw reader.invalid(
                "keys", "Other machines can reach this endpoint, so it always asks for keys.",
                hint: "Leave it out, or listen at 127.0.0.1 or ipc.")
        }
    }

    private static func check(_ address: String, at path: String) throws(FieldError) {
        guard let fault = fault(address) else { return }
        throw FieldError(.invalid, at: path, "\(fault.prefix(1).uppercased())\(fault.dropFirst()).")
    }
}
