internal import Linux
internal import Synchronization

/// Where a worker says how it is.
public struct BoardPlace: Sendable {
    let board: PoolBoard
    let generation: Int
    let slot: Int

    /// Names the worker.
    public init(on board: PoolBoard, generation: Int, slot: Int) {
        self.board = board
        self.generation = generation
        self.slot = slot
    }
}

/// What a worker tells on the board; for its control thread.
final class WorkerNotice {
    private let writer: BoardWriter<WorkerEntry>
    private var entry: WorkerEntry

    /// Nil where all places are taken: such a worker serves as well, and is not shown.
    init?(at place: BoardPlace, threads: Int) {
        guard let writer = try? place.board.claimWorker() else { return nil }
        self.writer = writer
        entry = WorkerEntry(
            startedAt: SystemClock.monotonicNanoseconds(),
            generation: place.generation,
            slot: place.slot,
            threads: threads
        )
        writer.write(entry)
    }

    /// Says how it is now.
    func tell(_ state: WorkerState, condition: String) {
        entry.isDraining = state.isDraining.load(ordering: .sequentiallyConsistent)
        entry.kept = state.kept.numbers.count
        entry.busy = state.slots.count(where: \.activity.isBusy)
        entry.queue = ListenQueue(of: state.listener.number).map { .init(depth: $0.depth, limit: $0.limit) }
        entry.condition = condition
        writer.write(entry)
    }
}

/// What a supervisor tells on the board; for its thread.
final class SupervisorNotice {
    private let writer: BoardWriter<SupervisorEntry>
    private var entry = SupervisorEntry(startedAt: SystemClock.monotonicNanoseconds())

    /// Nil where all places are taken.
    init?(on board: PoolBoard) {
        guard let writer = try? board.claimSupervisor() else { return nil }
        self.writer = writer
        writer.write(entry)
    }

    /// A generation serves, with so many workers.
    func served(_ generation: Int, workers: Int) {
        // The first one is no reload.
        if entry.generation > 0 { note(nil) }
        entry.workers = workers
    }

    /// A reload came to nothing.
    func failed(_ reason: String) { note(reason) }

    /// Says how the pool is now.
    func tell(_ state: PoolState) {
        var now = entry
        now.generation = state.generation
        now.isReloading = state.isReloading
        now.isStopping = state.isStopping
        now.notices = state.notices.joined(separator: "\n")
        guard now != entry || !isTold else { return }
        entry = now
        isTold = true
        writer.write(entry)
    }

    private var isTold = false

    private func note(_ failure: String?) {
        entry.lastReload = SupervisorEntry.Reload(at: SystemClock.realtimeMicroseconds(), failure: failure)
        isTold = false
    }
}
