internal import CPostgreSQL
internal import Glibc
internal import Linux

extension Connection {
    /// For how long after a cancel the connection is waited for before it is given up.
    private static let patience: Int64 = 250_000_000

    /// Queues a statement; ``exchange(timeout:)`` sends it.
    ///
    /// The first time the statement is prepared on the way, without a round trip of its own.
    ///
    /// - Throws: ``SQLState/connectionFailure``, ``SQLState/outOfMemory``.
    public func send(_ statement: Statement, _ parameters: Parameters = Parameters()) throws(PostgreSQLError) {
        try requireSound(statement.id)
        if isPooled {
            // Sound, here and below: the arrays and strings are good until the call returns, which copies them.
            let result = unsafe parameters.withArrays { arrays in
                unsafe pq.PQsendQueryParams(
                    handle,
                    statement.sql,
                    arrays.count,
                    nil,
                    arrays.values,
                    arrays.lengths,
                    arrays.formats,
                    1
                )
            }
            try check(result, statement.id)
        } else {
            if pipeline.mustRelease(statement.id) {
                let release = "DEALLOCATE \"\(statement.id)\""
                try check(unsafe pq.PQsendQueryParams(handle, release, 0, nil, nil, nil, nil, 1), statement.id)
            }
            if pipeline.mustPrepare(statement.id) {
                try check(unsafe pq.PQsendPrepare(handle, statement.id, statement.sql, 0, nil), statement.id)
            }
            let result = unsafe parameters.withArrays { arrays in
                unsafe pq.PQsendQueryPrepared(
                    handle,
                    statement.id,
                    arrays.count,
                    arrays.values,
                    arrays.lengths,
                    arrays.formats,
                    1
                )
            }
            try check(result, statement.id)
        }
        pipeline.steps.append(.run(statement.id))
    }

    /// Sends what is queued, and waits for all answers.
    ///
    /// - Parameter timeout: How long the whole may take. Then the server is asked to cancel, and where it does not answer
    ///   to that either, the connection is given up.
    /// - Returns: The answers, in the order of the statements; none where nothing was queued.
    /// - Throws: The first error; the statements behind it were not run. ``isInTransaction`` tells whether a transaction
    ///   has to be ended, ``isLost`` whether the connection has broken: then nobody can say whether a COMMIT that was
    ///   among the statements has taken effect.
    public func exchange(timeout: Duration) throws(PostgreSQLError) -> [StatementResult] {
        guard let last = pipeline.steps.last else { return [] }
        defer { pipeline.reset() }
        try requireSound(last.id)
        try check(unsafe pq.PQpipelineSync(handle), last.id)
        unsafe interrupter.begin(handle, pq)
        var answers = Answers(statements: pipeline.steps.count)
        let outcome = Result { () throws(PostgreSQLError) in try receive(&answers, timeout) }
        let isInterrupted = interrupter.end() || answers.isCancelled
        if case .failure = outcome { pipeline.isLost = true }
        // A cancel that came too late for its statement would end the next one.
        if isInterrupted, answers.failure?.state != .queryCanceled { pipeline.isLost = true }
        try outcome.get()
        if let failure = answers.failure {
            if failure.isConnectionLost { pipeline.isLost = true }
            pipeline.note(failure)
            throw failure
        }
        return answers.results
    }

    /// Writes and reads until all is there.
    ///
    /// Both at once, as the server stops reading while it cannot write, and would wait for us as we for it.
    private func receive(_ answers: inout Answers, _ timeout: Duration) throws(PostgreSQLError) {
        var deadline = SystemClock.monotonicNanoseconds() + timeout.nanoseconds
        while true {
            let unsent = unsafe pq.PQflush(handle)
            // What the server said before it went tells more than that it went.
            while unsafe pq.PQisBusy(handle) == 0 {
                if try take(&answers) { return }
            }
            if unsent < 0 { throw lost(answers) }
            let events = Int16(POLLIN) | (unsent > 0 ? Int16(POLLOUT) : 0)
            if !wait(for: events, until: deadline) {
                guard !answers.isCancelled else {
                    throw PostgreSQLError(
                        .connectionFailure,
                        "the server does not answer",
                        statement: current(answers),
                        isConnectionLost: true
                    )
                }
                answers.isCancelled = true
                unsafe Cancellation.send(for: handle, pq)
                deadline = SystemClock.monotonicNanoseconds() + Self.patience
            }
            if unsafe pq.PQconsumeInput(handle) == 0 {
                // Not before what was read until then has been looked at.
                while unsafe pq.PQisBusy(handle) == 0 && pq.PQstatus(handle) == CONNECTION_OK {
                    if try take(&answers) { return }
                }
                throw lost(answers)
            }
        }
    }

    /// Takes the next result; true where it was the last.
    private func take(_ answers: inout Answers) throws(PostgreSQLError) -> Bool {
        guard let result = unsafe pq.PQgetResult(handle) else {
            // The end of one statement's answer.
            answers.position += 1
            guard answers.position <= pipeline.steps.count else { throw lost(answers) }
            return false
        }
        switch unsafe pq.PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            unsafe pq.PQclear(result)
            return true
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            guard case .run(let id) = step(answers) else {
                if let step = step(answers) { pipeline.hasTaken(step) }
                unsafe pq.PQclear(result)
                return false
            }
            answers.results.append(unsafe StatementResult(result, pq, statement: id))
        case PGRES_PIPELINE_ABORTED: unsafe pq.PQclear(result)
        default:
            let error = unsafe PostgreSQLError(result, pq, statement: current(answers))
            unsafe pq.PQclear(result)
            answers.failure = answers.failure ?? error
            // Nothing comes behind it.
            if error.isConnectionLost { return true }
        }
        return false
    }

    private func step(_ answers: borrowing Answers) -> Pipeline.Step? {
        pipeline.steps.indices.contains(answers.position) ? pipeline.steps[answers.position] : nil
    }

    private func current(_ answers: borrowing Answers) -> String {
        (step(answers) ?? pipeline.steps.last)?.id ?? ""
    }

    /// The connection has broken.
    private func lost(_ answers: borrowing Answers) -> PostgreSQLError {
        answers.failure.map { failure in
            var failure = failure
            failure.isConnectionLost = true
            return failure
        } ?? (unsafe PostgreSQLError(.connectionFailure, connection: handle, pq, statement: current(answers)))
    }

    private func requireSound(_ statement: String) throws(PostgreSQLError) {
        guard isLost else { return }
        throw PostgreSQLError(
            .connectionFailure,
            "the connection was lost before",
            statement: statement,
            isConnectionLost: true
        )
    }

    private func check(_ result: Int32, _ statement: String) throws(PostgreSQLError) {
        guard result != 1 else { return }
        pipeline.isLost = true
        throw unsafe PostgreSQLError(.connectionFailure, connection: handle, pq, statement: statement)
    }
}

/// What has come of an exchange.
private struct Answers {
    var results: [StatementResult] = []
    var failure: PostgreSQLError?
    /// Which of the messages is being answered.
    var position = 0
    var isCancelled = false

    init(statements: Int) {
        results.reserveCapacity(statements)
    }
}

extension Pipeline.Step {
    /// The statement that it is about.
    var id: String {
        switch self {
        case .prepare(let id), .release(let id), .run(let id): id
        }
    }
}
