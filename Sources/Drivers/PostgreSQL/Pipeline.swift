/// What a connection has sent and waits for, and what it has prepared.
final class Pipeline {
    /// One message to the server that it answers.
    enum Step {
        /// A statement that is prepared.
        case prepare(String)
        /// A statement that is forgotten.
        case release(String)
        /// A statement that is run.
        case run(String)
    }

    /// What was sent since the last exchange, in its order.
    var steps: [Step] = []

    /// The statements that the server knows.
    private var prepared: Set<String> = []

    /// The statements that it will know if nothing goes wrong before.
    private var preparing: Set<String> = []

    /// The statements that the server knows in a form that it does not run any more.
    private var stale: Set<String> = []

    /// Whether nothing more can be had of the connection.
    var isLost = false

    /// Whether a statement has to be prepared before it can be run; it counts as sent then.
    func mustPrepare(_ id: String) -> Bool {
        guard !prepared.contains(id), preparing.insert(id).inserted else { return false }
        steps.append(.prepare(id))
        return true
    }

    /// Whether a statement has to be released before it can be prepared anew; it counts as sent then.
    func mustRelease(_ id: String) -> Bool {
        guard stale.contains(id), !preparing.contains(id) else { return false }
        steps.append(.release(id))
        return true
    }

    /// A step of the server's list of statements has been taken.
    func hasTaken(_ step: Step) {
        switch step {
        case .prepare(let id): prepared.insert(id)
        case .release(let id): stale.remove(id)
        case .run: break
        }
    }

    /// What a statement's failure tells of the server's list.
    func note(_ failure: PostgreSQLError) {
        if failure.state == .changedPlan || failure.state == .unknownStatement,
            prepared.remove(failure.statement) != nil, failure.state == .changedPlan
        {
            stale.insert(failure.statement)
        }
    }

    /// Begins anew after an exchange.
    func reset() {
        steps.removeAll(keepingCapacity: true)
        preparing.removeAll(keepingCapacity: true)
    }
}
