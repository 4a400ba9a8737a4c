import JSONLines
import WorkflowProtocol

/// Answers messages where not even the store's contents can be read: what those who look after the
/// machine ask is told, all else is refused.
///
/// Whoever comes with a key is refused as well: keys are in the store.
struct StorelessAnswers {
    let reading: HealthReading
    let refusal: CommandError

    /// Answers all lines of `run`, whose answers of this turn were undone.
    func answer(_ run: MessageRun) {
        run.rewind()
        if run.caller == .local, !run.isAtomic { tellWhatIsKnown(run) }
        run.refuse(refusal)
    }

    private func tellWhatIsKnown(_ run: MessageRun) {
        while let (index, text) = run.begin() {
            guard case .command(let request, .success(let command)) = LineReading(text),
                let command = command as? any StorelessCommand,
                let result = try? command.run(reading, reading.vitals)
            else { continue }
            run.answer(
                index, Reply(id: request.id, .success(.object(result)), op: request.op))
        }
    }
}
