import JSON
import Linux
import Testing

@testable import WorkerPool

struct PoolStateDocumentTests {
    private func copy(_ state: PoolState) throws -> PoolState {
        guard case .object(let document) = try JSONReader.read(state.json()) else { throw Unreadable() }
        return try #require(PoolState(document))
    }

    private struct Unreadable: Error {}

    @Test func `a state in the middle of everything survives its way to another supervisor`() throws {
        var pool = Pool()
        pool.serve(Pool.settings(3), workers: 1...3)
        let probation = PoolSettings.Probation(time: 60_000_000_000, deaths: 5, faults: 9)
        pool.serve(Pool.settings(3, probation: probation), generation: 2, workers: 4...6)
        _ = pool.after(1, .ended(worker: 4, .killed(signal: 9)))
        _ = pool.after(1, .faults(worker: 5, count: 3))
        _ = pool.after(1, .worn(worker: 6, reason: "a \"word\""))
        _ = pool.after(1, .resize(by: 1))
        _ = pool.after(1, .notReplaced(reason: "x"))
        var other = pool
        other.state = try copy(pool.state)
        #expect(other.state.workers == pool.state.workers)
        #expect(other.state.generationsInUse == pool.state.generationsInUse)
        #expect(other.state.degradation == pool.state.degradation)
        // From here on both do the same.
        let events: [PoolState.Event] = [
            .tick, .ready(worker: 7), .proved(worker: 7), .worn(worker: 5, reason: "old"), .resize(by: -1),
            .faults(worker: 5, count: 10), .reload(), .ended(worker: 1, .exited(0)), .stop, .quit,
        ]
        for event in events { #expect(other.after(200_000_000, event) == pool.after(200_000_000, event)) }
    }

    @Test func `a document of which something is missing is no state`() throws {
        for text in ["{}", #"{"serving":null,"generations_made":1,"workers_made":1,"target":1}"#] {
            guard case .object(let document) = try JSONReader.read(Array(text.utf8)) else { throw Unreadable() }
            #expect(PoolState(document) == nil)
        }
    }
}
