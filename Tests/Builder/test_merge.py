"""What two people did to one definition comes together: the page's own module, in the browser."""

import copy
import json
import random

import pytest

from seeds import SEED, seeds

CASES = 150
MOST_CHOICES = 5
MERGE = """async (cases) => {
    const { merge } = await import("./editor/merge.js");
    return cases.map(([base, mine, theirs, most]) => {
        const { overlaps } = merge(base, mine, theirs);
        const count = Math.min(overlaps.length, most);
        return Array.from({ length: 2 ** count }, (_, number) => {
            const sides = overlaps.map((name, at) => [name, (number >> at) & 1 ? "mine" : "theirs"]);
            const choices = Object.fromEntries(sides);
            const result = merge(base, mine, theirs, (name) => choices[name]);
            return { choices, ...JSON.parse(JSON.stringify(result)) };
        });
    });
}"""


@pytest.fixture
def merged(page):
    """Merges each (base, mine, theirs) with every combination of choices."""
    return lambda cases: page.evaluate(MERGE, [[*case, MOST_CHOICES] for case in cases])


@pytest.fixture
def choose(merged):
    """One merge: the definition that follows from the choices, which have to be those that are asked for."""

    def one(base, mine, theirs, **choices):
        found = [result for result in merged([(base, mine, theirs)])[0] if result["choices"] == choices]
        assert len(found) == 1, "it is asked for something else"
        return found[0]["definition"]

    return one


def flag(step, text="as it was"):
    return {"id": step, "kind": "flag", "flag": text}


def path(name, *steps, signal=None):
    return {"name": name, "when": {"signal": signal or name}, "steps": list(steps)}


def branch(step, *paths, otherwise=()):
    return {"id": step, "kind": "branch", "paths": list(paths), "otherwise": {"steps": list(otherwise)}}


def workflow(*steps, name="w"):
    return {"name": name, "steps": list(steps)}


def lists(steps):
    """The list itself, and all lists in it."""
    yield steps
    for step in steps:
        if step["kind"] == "branch":
            for each in [*step["paths"], step.get("otherwise", {"steps": []})]:
                yield from lists(each["steps"])


def all_steps(definition):
    return [step for each in lists(definition["steps"]) for step in each]


def ids(definition):
    return [step["id"] for step in all_steps(definition)]


def paths_of(definition, step):
    """The paths of a branch, each as the ids in it, by name."""
    found = next(each for each in all_steps(definition) if each["id"] == step)
    return {each["name"]: [one["id"] for one in each["steps"]] for each in found["paths"]}


# What was lost or doubled once

def test_a_step_that_i_moved_into_a_new_path_is_there_once(choose):
    base = workflow(flag("a"), branch("fork", path("A")))
    mine = workflow(branch("fork", path("A"), path("N", flag("a"))))
    found = choose(base, mine, {**base, "name": "theirs"})
    assert paths_of(found, "fork") == {"A": [], "N": ["a"]} and ids(found) == ["fork", "a"] and found["name"] == "theirs"


def test_a_new_path_takes_nothing_from_the_one_that_had_its_place(choose):
    base = workflow(branch("fork", path("A", flag("a")), path("B", flag("b"))))
    mine = workflow(branch("fork", path("B", flag("b")), path("N")))
    assert paths_of(choose(base, mine, {**base, "name": "theirs"}), "fork") == {"B": ["b"], "N": []}


def test_a_path_that_i_renamed_keeps_what_they_put_into_it(choose):
    base = workflow(branch("fork", path("A", flag("a")), path("B")))
    mine = workflow(branch("fork", path("C", flag("a"), signal="A"), path("B")))
    theirs = workflow(branch("fork", path("A", flag("a"), flag("x")), path("B")))
    assert paths_of(choose(base, mine, theirs), "fork") == {"C": ["a", "x"], "B": []}


@pytest.mark.parametrize("step, kept", [("mine", ["s"]), ("theirs", [])])
def test_a_branch_comes_back_with_each_step_once(choose, step, kept):
    base = workflow(branch("fork", path("A", flag("s"), flag("u"))))
    mine = workflow(branch("fork", path("B", flag("s", "mine"), flag("u"))))
    found = choose(base, mine, workflow(), fork="mine", s=step)
    assert paths_of(found, "fork") == {"B": [*kept, "u"]}


@pytest.mark.parametrize("side, kept", [("mine", {"B": []}), ("theirs", {"A": ["a", "x"], "B": []})])
@pytest.mark.parametrize("into", ["A", "inner"])
def test_what_they_added_to_a_path_that_i_removed_is_asked_about(choose, side, kept, into):
    inner = [branch("inner", path("I"))] if into == "inner" else []
    base = workflow(branch("fork", path("A", flag("a"), *inner), path("B")))
    theirs = copy.deepcopy(base)
    next(each for each in lists(theirs["steps"]) if into == "A" and ids({"steps": each}) == ["a"]
         or into == "inner" and not each).append(flag("x"))
    found = choose(base, workflow(branch("fork", path("B"))), theirs, fork=side)
    if side == "theirs":
        assert set(ids(found)) == {"fork", "a", "x", *(step["id"] for step in inner)}
    else:
        assert paths_of(found, "fork") == kept


@pytest.mark.parametrize("removed", ["path", "branch"])
def test_a_step_of_mine_that_they_moved_into_what_i_removed_stays(choose, removed):
    base = workflow(flag("a"), branch("fork", path("A"), path("B")))
    mine = workflow(flag("a"), *([branch("fork", path("B"))] if removed == "path" else []))
    theirs = workflow(branch("fork", path("A", flag("a")), path("B")))
    assert "a" in ids(choose(base, mine, theirs))


def test_a_step_that_i_moved_out_of_what_i_removed_stays(choose):
    base = workflow(branch("fork", path("A", flag("a"))))
    assert ids(choose(base, workflow(flag("a")), {**base, "name": "theirs"})) == ["a"]


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_of_two_new_steps_with_one_id_a_person_chooses(choose, side):
    found = choose(workflow(), workflow(flag("flag-1", "mine")), workflow(flag("flag-1", "theirs")), **{"flag-1": side})
    assert found["steps"] == [flag("flag-1", side)]


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_what_i_moved_into_a_branch_that_they_have_as_another_step_is_not_lost(choose, side):
    base = workflow(flag("a"), flag("b"))
    mine = workflow(flag("a"), branch("new", path("A"), otherwise=[flag("b")]))
    theirs = workflow(flag("a"), flag("b"), flag("new"))
    assert sorted(ids(choose(base, mine, theirs, new=side, b=side))) == ["a", "b", "new"]


# Whatever they do

class Editor:
    """Edits a definition at random, as somebody in the editor does."""

    def __init__(self, numbers, name):
        self.numbers = numbers
        self.name = name
        self.count = 0

    def edit(self, definition, times):
        result = copy.deepcopy(definition)
        for _ in range(times):
            steps = all_steps(result)
            branches = [step for step in steps if step["kind"] == "branch"]
            self.numbers.choice([self.add, self.move, self.move, self.remove, self.change, self.add_path, self.remove_path,
                                 self.rename_path])(result, steps, branches)
        return result

    def put(self, definition, step):
        place = self.numbers.choice(list(lists(definition["steps"])))
        place.insert(self.numbers.randint(0, len(place)), step)

    def take(self, definition, step):
        next(each for each in lists(definition["steps"]) if step in each).remove(step)

    def add(self, definition, *_):
        self.count += 1
        step = self.numbers.choice([f"{self.name}-{self.count}", "new"])
        if step in ids(definition):
            return
        new = flag(step, self.name) if self.numbers.random() < 0.7 else branch(step, path("A", signal=self.name))
        self.put(definition, new)

    def move(self, definition, steps, _):
        if steps:
            step = self.numbers.choice(steps)
            self.take(definition, step)
            self.put(definition, step)

    def remove(self, definition, steps, _):
        if steps:
            self.take(definition, self.numbers.choice(steps))

    def change(self, _, steps, __):
        if steps:
            self.numbers.choice(steps)["note"] = f"{self.name} {self.numbers.randint(0, 3)}"

    def add_path(self, _, __, branches):
        if branches:
            self.numbers.choice(branches)["paths"].append(path(self.numbers.choice(["N", "M", self.name]), signal=self.name))

    def remove_path(self, _, __, branches):
        if branches and len(paths := self.numbers.choice(branches)["paths"]) > 1:
            paths.pop(self.numbers.randrange(len(paths)))

    def rename_path(self, _, __, branches):
        if branches:
            self.numbers.choice(self.numbers.choice(branches)["paths"])["name"] = self.numbers.choice(["A", "N", "R"])


BASE = workflow(
    flag("a"),
    branch("fork", path("A", flag("b"), flag("c")),
           path("B", branch("inner", path("A", flag("d")), path("C"), otherwise=[flag("e")])), otherwise=[flag("f")]),
    flag("g"))


def own(step):
    """A step without those in it."""
    return {**step, "paths": [(each["name"], each["when"]) for each in step.get("paths", [])], "otherwise": None}


def holders(definition, step):
    """The step's id, and those of the branches that it stands in."""
    return {each["id"] for each in all_steps(definition) if step in ids({"steps": [each]})}


def faults(base, mine, theirs, result, asked):
    """What one merge did that nobody expects: `asked` is what the dialog asked for."""
    definition, choices = result["definition"], result["choices"]
    before, my_steps, their_steps = ({step["id"]: own(step) for step in all_steps(each)} for each in (base, mine, theirs))
    found = ids(definition)
    if len(found) != len(set(found)):
        yield "a step is there twice"
    if not set(result["overlaps"]) <= asked:
        yield "something was decided that nobody was asked"
    for step in (my_steps.keys() | their_steps.keys()) - set(found):
        if step in my_steps and step in their_steps:
            yield f"{step} is gone, and both have it"
        for side, steps, other in ((mine, my_steps, "theirs"), (theirs, their_steps, "mine")):
            is_touched = step in steps and steps[step] != before.get(step)
            if is_touched and all(choices.get(each) != other for each in holders(side, step)):
                yield f"{step} is gone unasked"
    for step in all_steps(definition):
        name, now = step["id"], own(step)
        mine_now, theirs_now = my_steps.get(name), their_steps.get(name)
        if now not in (mine_now, theirs_now):
            yield f"{name} is as nobody left it"
        if theirs_now != now and choices.get(name) != "mine" and theirs_now not in (None, before.get(name)):
            yield f"their change of {name} is gone unasked"
        if mine_now != now and choices.get(name) != "theirs" and mine_now not in (None, before.get(name)):
            yield f"my change of {name} is gone unasked"
        if theirs_now is None and name in before and choices.get(name) == "theirs":
            yield f"{name} is back, and they were to have their way"


def shown(definition):
    def words(step):
        inside = [f"{each.get('name', 'otherwise')}: {' '.join(map(words, each['steps']))}"
                  for each in [*step["paths"], step.get("otherwise", {"steps": []})]] if step["kind"] == "branch" else []
        return f"{step['id']}{'*' if 'note' in step else ''}{inside or ''}"

    return " ".join(map(words, definition["steps"]))


def test_no_step_is_doubled_and_none_is_lost_unasked(merged):
    cases = []
    for seed in seeds("merge", CASES):
        numbers = random.Random(seed)
        cases.append((BASE, *(Editor(numbers, name).edit(BASE, numbers.randint(1, 4)) for name in ("mine", "theirs"))))
    for case, results in zip(cases, merged(cases)):
        asked = set(results[0]["overlaps"])
        for result in results:
            found = list(faults(*case, result, asked))
            told = [f"mine: {shown(case[1])}", f"theirs: {shown(case[2])}", f"{result['choices']}: {shown(result['definition'])}"]
            assert not found, "\n".join([*found, *told, f"TEST_SEED={SEED}"])


def test_what_one_alone_did_stays_as_it_is(merged):
    edited = []
    for seed in seeds("alone", CASES):
        numbers = random.Random(seed)
        edited.append(Editor(numbers, "one").edit(BASE, numbers.randint(1, 4)))
    cases = [case for each in edited for case in ((BASE, each, BASE), (BASE, BASE, each), (BASE, each, each))]
    for (_, mine, theirs), results in zip(cases, merged(cases)):
        wanted = mine if theirs is BASE else theirs
        assert len(results) == 1 and not results[0]["overlaps"]
        assert json.dumps(results[0]["definition"], sort_keys=True) == json.dumps(wanted, sort_keys=True), (
            shown(wanted), shown(results[0]["definition"]))
