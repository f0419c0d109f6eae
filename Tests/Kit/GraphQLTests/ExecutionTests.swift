import GraphQL
import JSON
import Testing

@Suite("The executor")
struct ExecutionTests {
    @Test("answers in the order of the selection, with aliases and fragments merged")
    func order() throws {
        let query = "{ me: user(id: 1) { name ...more id } } fragment more on Node { id __typename }"
        let answer = #"{"data":{"me":{"name":"user 1","id":"1","__typename":"User"}}}"#
        #expect(try TestSchema.answer(query) == answer)
    }

    @Test("asks the store as often for a hundred objects as for one", arguments: [1, 100])
    func batching(users: Int) throws {
        let store = TestStore(users: users)
        _ = try TestSchema.answer("{ users(first: 100) { friends { name } } }", store: store)
        #expect(store.questions == 2)
    }

    @Test("makes one null of a field that fails, and tells where")
    func failure() throws {
        let answer = try TestSchema.answer("{ user(id: 1) { id secret } }")
        let error =
            #"{"message":"An internal error occurred.","locations":[{"line":1,"column":20}],"path":["user","secret"]}"#
        #expect(answer == #"{"errors":["# + error + #"],"data":{"user":{"id":"1","secret":null}}}"#)
    }

    @Test("lets a null rise to where one is allowed")
    func nullRises() throws {
        #expect(try TestSchema.answer("{ user(id: 1) { strictSecret } }").hasSuffix(#""data":{"user":null}}"#))
        #expect(try TestSchema.answer("{ users { strictSecret } }").hasSuffix(#""data":null}"#))
    }

    @Test("executes mutations one after the other")
    func mutations() throws {
        let store = TestStore()
        let query = #"mutation { a: rename(id: 1, name: "x") { name } b: rename(id: 1, name: "y") { name } }"#
        #expect(try TestSchema.answer(query, store: store) == #"{"data":{"a":{"name":"x"},"b":{"name":"y"}}}"#)
        #expect(store.log == ["rename x", "rename y"])
    }

    @Test("gives objects of several types, and null among them")
    func abstract() throws {
        let answer = try TestSchema.answer("{ nodes { __typename ... on User { name } } }", store: TestStore(users: 1))
        #expect(answer == #"{"data":{"nodes":[{"__typename":"User","name":"user 1"},null]}}"#)
    }

    @Test("leaves out what skip and include say")
    func conditions() throws {
        let query = "query($yes: Boolean!) { user(id: 1) { id @skip(if: $yes) name @include(if: $yes) } }"
        let answer = try TestSchema.answer(query, variables: JSONObject([.init(name: "yes", value: true)]))
        #expect(answer == #"{"data":{"user":{"name":"user 1"}}}"#)
    }

    @Test("fills in defaults of arguments")
    func defaults() throws {
        let store = TestStore()
        _ = try TestSchema.answer("{ users { id } }", store: store)
        #expect(store.log == ["NAME"])
    }

    @Test(
        "refuses variables that do not fit, before anything is resolved",
        arguments: [JSONValue.integer(1 << 40), .string("1"), .null, .number(1.5), .array([1, 2])]
    )
    func variables(value: JSONValue) throws {
        let store = TestStore()
        let variables = JSONObject([.init(name: "n", value: value)])
        let answer = try TestSchema.answer(
            "query($n: Int!) { users(first: $n) { id } }",
            variables: variables,
            store: store
        )
        #expect(answer.hasPrefix(#"{"errors":[{"message":"Variable '$n' has invalid value"#))
        #expect(store.questions == 0)
    }

    @Test("wants exactly one field of a oneOf input object")
    func oneOf() throws {
        let query = "query($w: Filter) { users(where: $w) { id } }"
        let both: JSONObject = JSONObject([.init(name: "w", value: ["name": "a", "id": "1"])])
        let one: JSONObject = JSONObject([.init(name: "w", value: ["name": "a"])])
        #expect(try TestSchema.answer(query, variables: both).contains("exactly one field"))
        #expect(try TestSchema.answer(query, variables: one).hasPrefix(#"{"data":"#))
    }

    @Test("describes the schema, without deprecated values unless they are asked for")
    func introspection() throws {
        let query =
            #"{ __type(name: "Order") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name } } }"#
        let values = #""enumValues":[{"name":"NAME"}],"all":[{"name":"NAME"},{"name":"ID"}]"#
        #expect(try TestSchema.answer(query) == #"{"data":{"__type":{"kind":"ENUM",\#(values)}}}"#)
    }
}
