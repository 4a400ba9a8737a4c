import JSONLines
import Testing
import WorkflowModel

/// Steps are found, taken out, put in and moved, also into and out of branches.
struct StepTreeTests {
    private let steps: [Step]

    init() throws {
        let json: JSON = [
            "name": "tree",
            "steps": [
                ["id": "a", "kind": "exit"],
                [
                    "id": "fork", "kind": "branch",
                    "paths": [
                        [
                            "name": "yes", "when": ["signal": "a.b"],
                            "steps": [
                                ["id": "b", "kind": "exit"],
                                [
                                    "id": "inner", "kind": "branch",
                                    "paths": [
                                        [
                                            "name": "deep", "when": ["signal": "a.b"],
                                            "steps": [["id": "c", "kind": "exit"]],
                                        ]
                                    ],
                                ],
                            ],
                        ], ["name": "no", "when": ["signal": "a.b"], "steps": []],
                    ], "otherwise": ["steps": [["id": "d", "kind": "exit"]]],
                ], ["id": "e", "kind": "exit"],
            ],
        ]
        steps = try WorkflowDefinition(json: json, at: "").steps
    }

    private func ids(_ steps: [Step]) -> [String] { steps.flatMap(\.selfAndDescendants).map(\.id) }

    @Test func aStepHasAPlace() {
        let places: [String: StepPlace] = [
            "a": StepPlace(index: 0), "fork": StepPlace(index: 1), "e": StepPlace(index: 2),
            "b": StepPlace(branch: "fork", path: "yes", index: 0),
            "inner": StepPlace(branch: "fork", path: "yes", index: 1),
            "c": StepPlace(branch: "inner", path: "deep", index: 0),
            "d": StepPlace(branch: "fork", path: "otherwise", index: 0),
        ]
        for (id, place) in places {
            #expect(StepTree.place(of: id, in: steps) == place)
            #expect(StepTree.find(id, in: steps)?.id == id)
        }
        #expect(StepTree.place(of: "z", in: steps) == nil)
        #expect(StepTree.find("z", in: steps) == nil)
    }

    @Test func aListIsNamedByItsBranchAndPath() {
        func list(_ branch: String?, _ path: String?) -> [String]? {
            StepTree.list(at: StepPlace(branch: branch, path: path, index: 0), in: steps)?.map(\.id)
        }
        #expect(list(nil, nil) == ["a", "fork", "e"])
        #expect(list("fork", "yes") == ["b", "inner"])
        #expect(list("fork", "no") == [])
        #expect(list("inner", "otherwise") == [])
        #expect(list("fork", "maybe") == nil)
        #expect(list("a", "yes") == nil)
        #expect(list("z", "yes") == nil)
    }

    @Test(arguments: ["a", "fork", "b", "inner", "c", "d", "e"])
    func aStepIsTakenOutWithAllInIt(_ id: String) throws {
        let (step, rest) = try #require(StepTree.removing(id, from: steps))
        #expect(step.id == id)
        let gone = step.selfAndDescendants.map(\.id)
        #expect(ids(rest) == ids(steps).filter { !gone.contains($0) })
    }

    @Test func whatIsNotThereIsNotTakenOut() {
        #expect(StepTree.removing("z", from: steps) == nil)
    }

    /// Every step to every place that is not inside itself.
    @Test func everyStepMovesEverywhere() throws {
        let lists: [(String?, String?)] = [
            (nil, nil), ("fork", "yes"), ("fork", "no"), ("fork", "otherwise"), ("inner", "deep"),
            ("inner", "otherwise"),
        ]
        for id in ids(steps) {
            let (step, rest) = try #require(StepTree.removing(id, from: steps))
            for (branch, path) in lists
            where branch.map({ !step.selfAndDescendants.map(\.id).contains($0) }) ?? true {
                let count = try #require(
                    StepTree.list(at: StepPlace(branch: branch, path: path, index: 0), in: rest)
                ).count
                for index in 0...count {
                    let place = StepPlace(branch: branch, path: path, index: index)
                    let moved = try #require(
                        StepTree.changing(listAt: place, in: rest) { list in
                            var list = list
                            list.insert(step, at: index)
                            return list
                        })
                    #expect(StepTree.place(of: id, in: moved) == place)
                    #expect(
                        Set(ids(moved)) == Set(ids(steps)) && ids(moved).count == ids(steps).count)
                }
            }
        }
    }

    @Test func aChangeThatIsRefusedLeavesTheTree() {
        let place = StepPlace(branch: "inner", path: "deep", index: 9)
        #expect(StepTree.changing(listAt: place, in: steps) { _ in nil } == nil)
        let nowhere = StepPlace(branch: "inner", path: "shallow", index: 0)
        #expect(StepTree.changing(listAt: nowhere, in: steps) { $0 } == nil)
    }
}
