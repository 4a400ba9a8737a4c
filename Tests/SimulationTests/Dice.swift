import SeededNumbers

/// The random numbers of one simulated run, shared by all that takes part in it.
final class Dice {
    private var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    func chance(_ percent: Int) -> Bool { numbers.chance(percent) }
    func pick<T>(_ choices: [T]) -> T { numbers.pick(choices) }
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }

    /// One of `choices`, each as often as its weight says.
    func weighed<T>(_ choices: [(weight: Int, value: T)]) -> T {
        var left = number(0...choices.reduce(-1) { $0 + $1.weight })
        for choice in choices {
            if left < choice.weight { return choice.value }
            left -= choice.weight
        }
        preconditionFailure("The weights add up to more than was thrown.")
    }
}
