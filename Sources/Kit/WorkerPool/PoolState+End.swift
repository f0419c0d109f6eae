/// How the pool ends.
extension PoolState {
    /// How long a worker may take to end at once, in nanoseconds.
    private static let quitPatience: Int64 = 1_000_000_000

    mutating func stop(_ now: Int64) -> [Action] {
        forget()
        // Those that retire are waited for no longer than others.
        for id in workers.map(\.id) { _ = retire(id, heir: nil, now) }
        return workers.map { .drain(worker: $0.id) } + exitIfEmpty()
    }

    mutating func quit(_ now: Int64) -> [Action] {
        forget()
        for index in workers.indices {
            // One that becomes ready now is told all the same, and keeps its deadline.
            workers[index].phase = .draining
            workers[index].deadline = min(workers[index].deadline, now + Self.quitPatience)
        }
        return workers.map { .quit(worker: $0.id) } + exitIfEmpty()
    }

    private mutating func forget() {
        isStopping = true
        rollout = nil
        next = nil
        watch = nil
        replacements = []
    }

    func exitIfEmpty() -> [Action] {
        isStopping && workers.isEmpty ? [.exit(reason: startFailure)] : []
    }
}
