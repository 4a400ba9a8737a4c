import JSONLines

/// Everything that is wrong with a configuration: who mends one value wants to know of the others too.
struct ConfigurationFaults {
    private(set) var all: [FieldError] = []

    /// What `body` reads; nil where it has a fault, which is kept.
    mutating func noting<T>(_ body: () throws(FieldError) -> T?) -> T? {
        do throws(FieldError) {
            return try body()
        } catch {
            all.append(error)
            return nil
        }
    }

    /// Keeps a fault for each member that nobody asked `reader` for.
    mutating func noteUnknownMembers(of reader: ObjectReader) {
        all += reader.unknownMembers
    }

    /// The faults in words, each with the line of `file` where there is one.
    func text(lines: [Int?]) -> String {
        let found = zip(all, lines).map { error, line in
            let place = [line.map { "Line \($0)" }, error.path.isEmpty ? nil : error.path]
            let words = "\(error.message)\(error.hint.map { " " + $0 } ?? "")"
            let at = place.compactMap { $0 }.joined(separator: ", ")
            return at.isEmpty ? words : "\(at): \(words)"
        }
        guard found.count > 1 else { return found.first ?? "" }
        return (["\(found.count) things are wrong:"] + found).joined(separator: "\n  ")
    }
}
