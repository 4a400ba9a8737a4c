/// A function that takes any bytes at all, and the property that it checks.
struct FuzzTarget: Sendable {
    /// Its name, and that of its folder in the corpus.
    let name: String
    /// How many random inputs a test run gives it; fewer where one takes long.
    let cases: Int
    /// Takes one input.
    ///
    /// It throws ``Broken`` where the property does not hold; a trap, a hang and a leak are findings too.
    let run: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, cases: Int = 400, _ run: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.cases = cases
        self.run = run
    }

    /// Those that need libraries alone, so that libFuzzer can drive them too.
    static let ofLibraries: [FuzzTarget] = [
        .json, .lines, .definition, .message, .times, .request, .service, .report, .hostSide,
        .channelSide,
        .form, .table, .configuration,
    ]
}

/// A property that does not hold.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Checks that `condition` holds.
func require(_ condition: Bool, _ property: @autoclosure () -> String) throws {
    guard condition else { throw Broken(property()) }
}
