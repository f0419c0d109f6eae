import PostgreSQL
import PostgreSQLTestSupport
import Testing

struct ExchangeTests {
    @Test func `values come back as they were given`() throws {
        let connection = try connect()
        let text = "'; DROP TABLE t; -- \u{1} \u{E4}\u{1F469}\u{10FFFF}\\\"$1"
        let bytes = Array(UInt8.min ... .max)
        try connection.run("CREATE TABLE t (i bigint, d double precision, b boolean, s text, y bytea, n bigint)")
        let insert = Statement("insert", sql: "INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)")
        for number in [Int64.min, -1, 0, .max] {
            var values = Parameters()
            values.append(number)
            values.append(-1.5e300)
            values.append(true)
            values.append(text)
            values.append(bytes)
            values.appendNull()
            try connection.send(insert, values)
        }
        #expect(try connection.exchange(timeout: .seconds(60)).map(\.changes) == [1, 1, 1, 1])
        let rows = try connection.run("SELECT i, d, b, s, y, n FROM t ORDER BY i")[0]
        #expect(rows.rowCount == 4 && rows.columnCount == 6)
        for (row, number) in [Int64.min, -1, 0, .max].enumerated() {
            #expect(try rows.int64(row, 0) == number)
            #expect(try rows.double(row, 1) == -1.5e300)
            #expect(try rows.int64(row, 2) == 1)
            #expect(try rows.string(row, 3) == text)
            #expect(try rows.bytes(row, 4) == bytes)
            #expect(try rows.withBytes(row, 4) { $0.count } == 256)
            #expect(try rows.withText(row, 3) { $0[0] } == UInt8(ascii: "'"))
            #expect(rows.isNull(row, 5))
        }
    }

    @Test func `nothing is not NULL`() throws {
        let connection = try connect()
        var values = Parameters()
        values.append("")
        values.append([])
        try connection.send(Statement("empty", sql: "SELECT $1::text, $2::bytea"), values)
        let row = try connection.exchange(timeout: .seconds(60))[0]
        #expect(try row.string(0, 0).isEmpty)
        #expect(try row.bytes(0, 1).isEmpty)
    }

    @Test func `integers of every width are read with their sign`() throws {
        let row = try connect().run("SELECT -2::int2, -70000::int4, -5000000000::int8, 1.5::float4")[0]
        #expect(try (0..<3).map { try row.int64(0, $0) } == [-2, -70_000, -5_000_000_000])
        #expect(try row.double(0, 3) == 1.5)
    }

    @Test(arguments: [(0, 1), (1, 0), (0, 2), (0, 9), (7, 0)])
    func `a column that does not hold what is asked for is refused`(row: Int, column: Int) throws {
        let result = try connect().run("SELECT 1::bigint, 'x'::text, NULL::bigint")[0]
        let failure = try failure { _ = try result.int64(row, column) }
        #expect(failure?.state == .mismatch)
    }

    @Test func `statements of one exchange are answered in their order`() throws {
        let results = try connect().run("SELECT 1::bigint", "SELECT 2::bigint WHERE false", "SELECT 3::bigint")
        #expect(results.map(\.rowCount) == [1, 0, 1])
        #expect(try results[2].int64(0, 0) == 3)
    }

    @Test func `a statement is prepared once`() throws {
        let connection = try connect()
        let statement = Statement("once", sql: "SELECT $1::bigint")
        for number in 0..<3 as Range<Int64> {
            for _ in 0..<2 {
                var values = Parameters()
                values.append(number)
                try connection.send(statement, values)
            }
            #expect(try connection.exchange(timeout: .seconds(60)).map { try $0.int64(0, 0) } == [number, number])
        }
        #expect(try connection.number("SELECT count(*) FROM pg_prepared_statements WHERE name = 'once'") == 1)
    }

    @Test func `what follows a statement that fails is not run, and the connection goes on`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE t (i bigint PRIMARY KEY)")
        let failure = try failure {
            try connection.run("INSERT INTO t VALUES (1)", "SELECT 1 / 0", "INSERT INTO t VALUES (2)")
        }
        #expect(failure?.state == SQLState(rawValue: "22012"))
        #expect(failure?.statement == "test 1 SELECT 1 / 0")
        #expect(connection.isLost == false && connection.isInTransaction == false)
        // One exchange is one transaction.
        #expect(try connection.number("SELECT count(*) FROM t") == 0)
        try connection.run("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)")
        #expect(try connection.number("SELECT count(*) FROM t") == 2)
    }

    @Test func `a statement that could not be prepared can be tried again`() throws {
        let connection = try connect()
        let statement = Statement("late", sql: "SELECT count(*) FROM late")
        for _ in 0..<2 {
            try connection.send(statement)
            #expect(try failure { _ = try connection.exchange(timeout: .seconds(60)) }?.state.errorClass == "42")
        }
        try connection.run("CREATE TABLE late ()")
        try connection.send(statement)
        #expect(try connection.exchange(timeout: .seconds(60))[0].int64(0, 0) == 0)
    }

    @Test func `a whole transaction takes one exchange`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE t (i bigint PRIMARY KEY)")
        try connection.run("BEGIN", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "COMMIT")
        #expect(connection.isInTransaction == false)
        let failure = try failure {
            try connection.run("BEGIN", "INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)", "COMMIT")
        }
        #expect(failure?.state == .uniqueViolation)
        #expect(connection.isInTransaction == true)
        try connection.run("ROLLBACK")
        #expect(connection.isInTransaction == false)
        #expect(try connection.number("SELECT sum(i)::bigint FROM t") == 3)
    }

    @Test func `a transaction may take several exchanges`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE t (i bigint PRIMARY KEY)")
        try connection.run("BEGIN", "INSERT INTO t VALUES (1)")
        #expect(connection.isInTransaction == true)
        #expect(try connection.number("SELECT count(*) FROM t") == 1)
        try connection.run("ROLLBACK")
        #expect(try connection.number("SELECT count(*) FROM t") == 0)
    }

    @Test func `much to send and much to receive at once do not block each other`() throws {
        let connection = try connect()
        let megabyte = String(repeating: "x", count: 1 << 20)
        for number in 0..<40 {
            var values = Parameters()
            values.append(megabyte)
            try connection.send(Statement("echo \(number)", sql: "SELECT $1::text, repeat($1, 2)"), values)
        }
        let results = try connection.exchange(timeout: .seconds(120))
        #expect(results.count == 40)
        #expect(try results.allSatisfy { try $0.withText(0, 1) { $0.count } == 2 << 20 })
    }

    @Test func `constraints are told by their names`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE p (id bigint CONSTRAINT p_key PRIMARY KEY)")
        try connection.run(
            """
            CREATE TABLE t (
                u bigint NOT NULL CONSTRAINT t_u UNIQUE, c bigint CONSTRAINT t_c CHECK (c > 0),
                f bigint CONSTRAINT t_f REFERENCES p
            )
            """
        )
        try connection.run("INSERT INTO t VALUES (1)")
        let refused: [(String, SQLState, String, String)] = [
            ("INSERT INTO t VALUES (1)", .uniqueViolation, "t_u", ""),
            ("INSERT INTO t VALUES (NULL)", .notNullViolation, "", "u"),
            ("INSERT INTO t VALUES (2, 0)", .checkViolation, "t_c", ""),
            ("INSERT INTO t VALUES (2, 1, 1)", .foreignKeyViolation, "t_f", ""),
        ]
        for (sql, state, constraint, column) in refused {
            let error = try #require(try failure { try connection.run(sql) })
            #expect(error.state == state && error.table == "t")
            #expect(error.constraint == constraint && error.column == column)
        }
    }

    @Test func `a message tells no values`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE t (s text UNIQUE)")
        try connection.run("INSERT INTO t VALUES ('secret')")
        let error = try #require(try failure { try connection.run("INSERT INTO t VALUES ('secret')") })
        #expect(!error.description.replacing("VALUES ('secret')", with: "").contains("secret"))
    }

    @Test func `a wrong number of values is refused`() throws {
        let connection = try connect()
        try connection.send(Statement("two", sql: "SELECT $1::bigint, $2::bigint"), Parameters())
        #expect(try failure { _ = try connection.exchange(timeout: .seconds(60)) }?.state == .protocolViolation)
        #expect(try connection.number("SELECT 1::bigint") == 1)
    }

    @Test func `text with a null character is refused`() throws {
        let connection = try connect()
        var values = Parameters()
        values.append("a\0b")
        try connection.send(Statement("text", sql: "SELECT $1::text"), values)
        #expect(try failure { _ = try connection.exchange(timeout: .seconds(60)) }?.state.errorClass == "22")
    }

    @Test func `a statement whose columns have changed fails once and is then prepared anew`() throws {
        let connection = try connect()
        try connection.run("CREATE TABLE t (i bigint)")
        let statement = Statement("star", sql: "SELECT * FROM t")
        try connection.send(statement)
        _ = try connection.exchange(timeout: .seconds(60))
        try connection.run("ALTER TABLE t ADD s text")
        try connection.send(statement)
        #expect(try failure { _ = try connection.exchange(timeout: .seconds(60)) }?.state == .changedPlan)
        for _ in 0..<2 {
            try connection.send(statement)
            #expect(try connection.exchange(timeout: .seconds(60))[0].columnCount == 2)
        }
    }

    @Test func `a statement that somebody has released is prepared anew`() throws {
        let connection = try connect()
        let statement = Statement("kept", sql: "SELECT 1::bigint")
        try connection.send(statement)
        _ = try connection.exchange(timeout: .seconds(60))
        try connection.run("DEALLOCATE ALL")
        try connection.send(statement)
        #expect(try failure { _ = try connection.exchange(timeout: .seconds(60)) }?.state == .unknownStatement)
        try connection.send(statement)
        #expect(try connection.exchange(timeout: .seconds(60))[0].int64(0, 0) == 1)
    }

    @Test func `nothing queued is nothing to wait for`() throws {
        #expect(try connect().exchange(timeout: .seconds(1)).isEmpty)
    }

    @Test func `transactions that cannot be put into an order fail with the code for it`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let one = try Connection(options)
        let other = try Connection(options)
        try one.run("CREATE TABLE t (i bigint)")
        try one.run("BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT count(*) FROM t", "INSERT INTO t VALUES (1)")
        try other.run("BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT count(*) FROM t", "INSERT INTO t VALUES (1)")
        try one.run("COMMIT")
        #expect(try failure { try other.run("COMMIT") }?.state == .serializationFailure)
        #expect(other.isLost == false && other.isInTransaction == false)
    }
}
