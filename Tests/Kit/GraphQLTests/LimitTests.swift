import GraphQL
import JSON
import LinuxTestSupport
import Testing

@Suite("The limits of operations")
struct LimitTests {
    @Test(
        "refuse what is too much, before anything is resolved",
        arguments: [
            ("{ users(first: 1000000) { id } }", "objects"),
            ("{ users(first: 1000) { friends { friends { friends { friends { id } } } } } }", "objects"),
            (
                "{ users {" + String(repeating: " friends {", count: 15) + " id " + String(repeating: "}", count: 15)
                    + " } }", "levels"
            ),
            ("{" + (0..<31).map { " a\($0): users { id }" }.joined() + " }", "aliases at its root"),
            ("{ users {" + (0..<201).map { " a\($0): id" }.joined() + " } }", "aliases"),
            ("{ users { id" + String(repeating: " @skip(if: false)", count: 11) + " } }", "once at this location"),
            ("{" + String(repeating: " a", count: 3000) + " }", "tokens"),
        ]
    )
    func refused(query: String, word: String) throws {
        let store = TestStore()
        let answer = try TestSchema.answer(query, store: store)
        #expect(answer.hasPrefix(#"{"errors":"#) && answer.contains(word))
        #expect(store.questions == 0)
    }

    @Test("know the cost before it is spent")
    func cost() throws {
        let query =
            "query($n: Int!, $no: Boolean!) { users(first: $n) { friends { id } f: friends @include(if: $no) { id } } }"
        let variables = JSONObject([.init(name: "n", value: 5), .init(name: "no", value: false)])
        let operation = try TestSchema.engine().prepare(GraphQLRequest(query: query, variables: variables))
        #expect(operation.cost.nodes == 5 * (1 + 3))
        #expect(operation.cost.cost == 1 + 5 * 1)
    }

    @Test("stop an execution that takes too long")
    func deadline() throws {
        let engine = try TestSchema.engine()
        let operation = try engine.prepare(GraphQLRequest(query: "{ user(id: 1) { id } }"))
        let answer = engine.execute(operation, TestStore(), isExpired: { true })
        #expect(answer.hasErrors)
    }
}

@Suite("The fields at the root of an operation")
struct RootFieldTests {
    @Test("are told as often as they are resolved, those of fragments too and those that are left out not")
    func rootFields() throws {
        let engine = try TestSchema.engine()
        let query = """
            query ($no: Boolean = false) {
              a: users { id } users { id } a: users { name } ...F nodes @include(if: $no) { id } ... @skip(if: true) { users { id } }
            }
            fragment F on Query { nodes { id } b: users { id } }
            """
        let operation = try engine.prepare(GraphQLRequest(query: query))
        #expect(engine.rootFields(of: operation) == ["users", "users", "nodes", "users"])
    }
}

@Suite("Documents that are remembered")
struct DocumentCacheTests {
    @Test("are found by their hash alone, and the least recently used one goes")
    func persisted() throws {
        let cache = DocumentCache(capacity: 2)
        let engine = try TestSchema.engine(cache: cache)
        let queries = ["{ users { id } }", "{ users { name } }", "{ nodes { id } }"]
        let hashes = queries.map { query in
            TestHashing().sha256(Array(query.utf8)).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
        }
        func extensions(_ hash: String) -> JSONObject {
            JSONObject([.init(name: "persistedQuery", value: ["version": 1, "sha256Hash": .string(hash)])])
        }
        for query in queries { _ = try engine.prepare(GraphQLRequest(query: query)) }
        #expect(cache.count == 2)
        _ = try engine.prepare(GraphQLRequest(query: nil, extensions: extensions(hashes[2])))
        let failure = #expect(throws: RequestFailure.self) {
            try engine.prepare(GraphQLRequest(query: nil, extensions: extensions(hashes[0])))
        }
        #expect(failure?.stage == .persistedQueryNotFound)
        let wrong = #expect(throws: RequestFailure.self) {
            try engine.prepare(GraphQLRequest(query: queries[0], extensions: extensions(hashes[1])))
        }
        #expect(wrong?.stage == .parameters)
    }

    @Test("are known to every engine that shares them")
    func shared() throws {
        let cache = DocumentCache()
        for _ in 0..<3 { _ = try TestSchema.engine(cache: cache).prepare(GraphQLRequest(query: "{ users { id } }")) }
        #expect(cache.count == 1)
        #expect(cache.looks == (hits: 2, misses: 1))
    }

    @Test("may be looked for by many threads at once, and the bounds hold")
    func threads() throws {
        let cache = DocumentCache(capacity: 8)
        try onThreads(4) { number in
            #expect(throws: Never.self) {
                let engine = try TestSchema.engine(cache: cache)
                for round in 0..<200 {
                    let query = "{ users { id a\((round * 7 + number) % 16): name } }"
                    _ = try engine.prepare(GraphQLRequest(query: query))
                    #expect(cache.count <= 8)
                }
            }
        }
        #expect(cache.looks.hits + cache.looks.misses == 800)
    }

    @Test("are only those that are valid")
    func invalid() throws {
        let cache = DocumentCache()
        let engine = try TestSchema.engine(cache: cache)
        for query in ["{", "{ nothing }"] {
            #expect(throws: RequestFailure.self) { try engine.prepare(GraphQLRequest(query: query)) }
        }
        #expect(cache.count == 0)
    }
}
