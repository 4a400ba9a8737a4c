import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// What a preview shows of a workflow's branches.
struct PreviewTests {
    private static func steps(of steps: [JSON]) throws -> [PreviewStep] {
        let start = try #require(Instant(rfc3339: "2026-03-02T20:00:00Z"))
        let timeline = Timeline(
            try WorkflowDefinition(json: ["name": "t", "steps": .array(steps)], at: ""))
        return Preview.steps(of: timeline, facts: .plain(), start: start, signals: nil)
    }

    @Test func thePathsOfTheLastBranchComeFirst() throws {
        let inner = branch(
            "in", "p", when: ["signal": "a.b"], [message("x")], otherwise: [message("y")])
        let steps = try PreviewTests.steps(of: [
            branch("out", "q", when: ["signal": "c.d"], [inner], otherwise: [message("z")]),
            message("end"),
        ])
        let ways = steps.map { step in
            step.step + step.paths.map { " \($0.branch)=\($0.path)" }.joined()
        }
        #expect(
            ways == [
                "out out=q",
                "in out=q in=p", "x out=q in=p", "end out=q in=p",
                "in out=q in=otherwise", "y out=q in=otherwise", "end out=q in=otherwise",
                "out out=otherwise", "z out=otherwise", "end out=otherwise",
            ])
    }

    /// As many branches as a workflow may have.
    @Test func branchesInARowTakeNoStack() async throws {
        let row = (0..<500).map { branch("b\($0)", "p", when: ["signal": "a.b"], []) }
        let steps = try await onSmallStack { try PreviewTests.steps(of: row) }
        #expect(steps.count == Preview.limit)
        #expect(steps.last?.paths.count == Preview.limit)
    }
}
