import JSONLines
import Testing

@Suite struct JSONObjectTests {
    @Test("Setting appends, replaces in place and removes")
    func setting() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["c"] = 3
        object["a"] = "x"
        object["b"] = .some(nil)
        #expect(JSON.object(object).text == #"{"a":"x","b":null,"c":3}"#)
        object["b"] = Optional<JSON>.none
        object["absent"] = Optional<JSON>.none
        #expect(object.names == ["a", "c"])
        #expect(object.count == 2)
        #expect(!object.isEmpty)
    }

    @Test("Equality and hash know no order; values and names count")
    func equality() {
        let object: JSONObject = ["a": 1, "b": [2]]
        #expect(object == ["b": [2], "a": 1])
        #expect(object.hashValue == (["b": [2], "a": 1] as JSONObject).hashValue)
        #expect(object != ["a": 1])
        #expect(object != ["a": 1, "b": [3]])
        #expect(object != ["a": 1, "c": [2]])
        #expect(JSON.integer(1) != .number(1))
    }

    @Test("Merging puts members over others, and a null removes")
    func merging() {
        let object: JSONObject = ["a": 1, "b": 2]
        let merged = object.merging(["b": nil, "c": 3, "a": ["x": nil], "d": nil])
        #expect(merged == ["a": ["x": nil], "c": 3])
    }

    @Test("Paths into a tree end in nil where there is nothing")
    func access() {
        let value: JSON = ["a": [["b": 1.5], true]]
        #expect(value["a"]?[0]?["b"]?.double == 1.5)
        #expect(value["a"]?[1]?.bool == true)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?["b"] == nil)
        #expect(value[0] == nil)
        #expect(value.string == nil)
        #expect(value.integer == nil)
        #expect((3 as JSON).double == 3)
    }
}
