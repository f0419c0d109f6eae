import JSON
import Linux
import LinuxTestSupport
import SharedMemory
import Testing

@testable import WorkerPool

/// What supervisor and workers say of themselves, and the document that is made of it.
@Suite(.timeLimit(.minutes(10)))
struct PoolBoardTests {
    private let directory: TemporaryDirectory
    private let segment: SharedSegment
    private let board: PoolBoard
    private let activity: PoolActivity

    init() throws {
        var layout = SegmentLayout(version: 1)
        let parts = try PoolBoard.Parts(in: &layout)
        let activityParts = try PoolActivity.Parts(in: &layout)
        directory = try TemporaryDirectory()
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        segment = try SharedSegment.open(name, layout: layout)
        board = try PoolBoard(segment, parts)
        activity = try PoolActivity(segment, activityParts)
    }

    private func document() throws -> JSONObject {
        var writer = JSONWriter()
        let report = try PoolReport(board, activity)
        writer.object { document in
            report.writeMembers(
                to: &document,
                routeName: { $0 == 3 ? "GET /users" : nil },
                stageName: { ["begin", "middle", "end"][$0] }
            )
        }
        guard case .object(let object) = try JSONReader.read(writer.bytes) else { return JSONObject() }
        return object
    }

    @Test func `an empty board is a document too`() throws {
        let document = try document()
        #expect(document["supervisor"] == .null)
        #expect(document["last_reload"] == .null)
        #expect(document["queue"] == .null)
        #expect(document["workers"] == .array([]))
        #expect(document["requests"] == .array([]))
    }

    @Test func `an entry comes back as it was written, and goes with its writer`() throws {
        var entry = WorkerEntry(startedAt: 7, generation: 3, slot: 1, threads: 16)
        entry.isDraining = true
        entry.kept = 4
        entry.busy = 2
        entry.queue = .init(depth: 5, limit: 4096)
        entry.condition = "the disk: \u{1F4BE}"
        do {
            let writer = try board.claimWorker()
            writer.write(entry)
            #expect(try board.allWorkers().map(\.entry) == [entry])
            #expect(try board.allWorkers().map(\.process) == [ThisProcess.id])
        }
        #expect(try board.allWorkers().isEmpty)
        // What one before has left is not the next one's.
        let next = try board.claimWorker()
        #expect(try board.allWorkers().isEmpty)
        withExtendedLifetime(next) {}
    }

    @Test(arguments: ["", "a", "12345678", "\u{E4}\u{F6}\u{FC}", String(repeating: "\u{1F4BE}", count: 40)])
    func `a text comes back, cut between characters where it is too long`(text: String) {
        let words = WordText.words(of: text, count: 5)
        let back = WordText.text(of: words[...])
        #expect(text.hasPrefix(back))
        #expect(back.utf8.count == text.utf8.count || back.utf8.count > 36)
    }

    @Test func `the supervisor tells how the last reload came out`() throws {
        let notice = try #require(SupervisorNotice(on: board))
        var state = PoolState()
        notice.served(1, workers: 2)
        notice.tell(state)
        #expect(try document()["last_reload"] == .null)
        notice.failed("the plan says so")
        notice.tell(state)
        guard case .object(let reload)? = try document()["last_reload"] else {
            Issue.record("there is no reload")
            return
        }
        #expect(reload["succeeded"] == .bool(false))
        #expect(reload["failure"] == .string("the plan says so"))
        _ = state.handle(.stop, now: 0)
        notice.tell(state)
        guard case .object(let supervisor)? = try document()["supervisor"] else {
            Issue.record("there is no supervisor")
            return
        }
        #expect(supervisor["stopping"] == .bool(true))
        #expect(supervisor["pid"] == .integer(Int64(ThisProcess.id)))
    }

    @Test func `a request that runs is shown with its route, its age and how long it had waited`() throws {
        let worker = try board.claimWorker()
        worker.write(WorkerEntry(startedAt: 1, generation: 1, slot: 0, threads: 1))
        let thread = try activity.claim()
        #expect(try document()["requests"] == .array([]))
        let id = Array("0123456789abcdef0123456789abcdef".utf8)
        thread.serves(requestID: id.span, queuedMicroseconds: 2500)
        thread.found(route: 3)
        guard case .array(let requests)? = try document()["requests"], case .object(let request)? = requests.first
        else {
            Issue.record("no request is shown")
            return
        }
        #expect(request["route"] == .string("GET /users"))
        #expect(request["phase"] == .string("begin"))
        #expect(request["queued_ms"] == .integer(2))
        #expect(request["request_id"] == .string("0123456789abcdef0123456789abcdef"))
        thread.served()
        #expect(try document()["requests"] == .array([]))
        withExtendedLifetime(worker) {}
    }
}
