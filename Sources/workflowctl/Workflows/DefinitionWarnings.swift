import JSONLines

/// What the service warns of in a definition, on standard error.
enum DefinitionWarnings {
    /// Prints the warnings of a reply that shows a definition, one a line.
    static func print(of result: JSON) {
        for warning in result["warnings"]?.array ?? [] {
            let place = warning["path"]?.string ?? "definition"
            let words = [warning["message"]?.string, warning["hint"]?.string].compactMap { $0 }
            Terminal.errors.print(
                "workflowctl: warning: \(place): \(words.joined(separator: " "))")
        }
    }
}
