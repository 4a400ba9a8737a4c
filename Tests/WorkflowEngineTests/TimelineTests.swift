import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// The flat layout of a tree of steps.
struct TimelineTests {
    private static let inner = branch(
        "inner", "deep", when: ["signal": "c.d"], [message("x"), message("y")])
    private static let steps: [JSON] = [
        message("a"),
        branch(
            "fork", "yes", when: ["signal": "a.b"], [message("b"), inner],
            otherwise: [message("c")]),
        message("d"),
    ]

    private func timeline(_ steps: [JSON], exits: [JSON] = []) throws -> Timeline {
        Timeline(
            try WorkflowDefinition(
                json: ["name": "t", "exits": .array(exits), "steps": .array(steps)], at: ""))
    }

    @Test func stepsAreNumberedInTheOrderOfReading() throws {
        let timeline = try timeline(TimelineTests.steps)
        #expect(timeline.nodes.map(\.step.id) == ["a", "fork", "b", "inner", "x", "y", "c", "d"])
        #expect(timeline.end == 8)
        #expect(timeline.number(of: "y") == 5)
        #expect(timeline.number(of: "z") == nil)
    }

    @Test func behindAPathTheFlowGoesOnBehindTheBranch() throws {
        let timeline = try timeline(TimelineTests.steps)
        //                                   a  fork b  inner x  y  c  d
        #expect(timeline.nodes.map(\.next) == [1, 7, 3, 7, 5, 7, 7, 8])
        #expect(timeline.nodes[1].entries == [2, 6])
        #expect(timeline.nodes[3].entries == [4, 7])
    }

    @Test func aBranchAtTheEndLeadsBehindTheLastStep() throws {
        let timeline = try timeline([branch("fork", "yes", when: ["signal": "a.b"], [message("b")])]
        )
        #expect(timeline.nodes.map(\.next) == [2, 2])
        #expect(timeline.nodes[0].entries == [1, 2])
    }

    @Test func aBranchInsideAnEmptyOneLeadsOn() throws {
        let inner = branch("inner", "p", when: ["signal": "a.b"], [])
        let timeline = try timeline([
            branch("outer", "q", when: ["signal": "a.b"], [inner]), message("z"),
        ])
        #expect(timeline.nodes[0].entries == [1, 2])
        #expect(timeline.nodes[1].entries == [2, 2])
    }

    @Test func anEmptyDefinitionEndsAtOnce() throws {
        #expect(try timeline([]).end == 0)
    }

    @Test func itKnowsWhatItsConditionsAskFor() throws {
        let exits = [exit("e", when: ["any": [["signal": "e.f"], ["not": ["signal": "g.h"]]]])]
        let timeline = try timeline(TimelineTests.steps, exits: exits)
        #expect(timeline.signals == ["a.b", "c.d", "e.f", "g.h"])
    }
}
