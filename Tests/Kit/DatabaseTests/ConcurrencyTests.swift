import Database
import LinuxTestSupport
import Synchronization
import Testing

struct ConcurrencyTests {
    @Test func `threads with sessions of their own write at once and lose nothing`() throws {
        let scratch = try ScratchDatabase(Notes.schema)
        try scratch.run("INSERT INTO notes (id, text) VALUES (1, '0')")
        let path = scratch.path
        let errors = Mutex<[String]>([])
        try onThreads(4) { number in
            do {
                let session = try DatabaseSession(
                    DatabaseOptions(path: path, durability: .processEnd, busyTimeout: .seconds(60)),
                    registry: try StatementRegistry(Notes.statements)
                )
                for step in 0..<100 {
                    try session.write { transaction in
                        try transaction.execute(Notes.insert, "thread \(number) step \(step)", step)
                        let old = try transaction.row(Notes.byID, 1) { row in try row.string(0) }
                        try transaction.execute(Notes.setText, 1, String((Int(old ?? "") ?? 0) + 1))
                    }
                }
            } catch {
                errors.withLock { $0.append(String(describing: error)) }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(try scratch.value("SELECT count(*) FROM notes") == "401")
        #expect(try scratch.value("SELECT text FROM notes WHERE id = 1") == "400")
    }
}
