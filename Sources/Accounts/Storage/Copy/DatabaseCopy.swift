package import Database

/// Copies everything from one database into another that has the same schema, whatever their engines are.
///
/// Rows go over in the order of their keys, some hundred in a transaction. Where a copy ended in the middle the next one
/// goes on: what is there already is held against the source, and nothing is written where it differs. For one thread;
/// nobody may use either database meanwhile.
package struct DatabaseCopy {
    /// What was found to be otherwise.
    package struct Difference: Error, Hashable, CustomStringConvertible {
        /// The table.
        package let table: String
        /// For people.
        package var description: String { "the databases differ in the table \(table)" }
    }

    /// So many rows are read, and written in one transaction, at once.
    package static let batchSize = 500

    private let source: DatabaseSession
    private let target: DatabaseSession

    /// Takes sessions with ``registry``.
    package init(from source: DatabaseSession, to target: DatabaseSession) {
        self.source = source
        self.target = target
    }

    /// The statements that it runs.
    package static func registry() throws -> StatementRegistry {
        try StatementRegistry(CopiedTable.all.flatMap(\.statements))
    }

    /// How many rows there are to be copied.
    package func rowCount() throws -> Int {
        try CopiedTable.all.reduce(0) { sum, table in
            try sum + (source.row(table.count) { try $0.int(0) } ?? 0)
        }
    }

    /// Copies what is not there yet.
    ///
    /// - Parameter progress: is told how many rows are there, after each batch; what it throws ends the copy.
    /// - Returns: how many rows it has written.
    /// - Throws: ``Difference`` where the target has rows of its own; `DatabaseError`.
    package func run(progress: (Int) throws -> Void = { _ in }) throws -> Int {
        var (done, written) = (0, 0)
        for table in CopiedTable.all {
            try compare(table) { missing in
                try target.write { transaction in
                    for values in missing { try transaction.submit(table.insert, values: values) }
                }
                written += missing.count
            } progress: { count in
                done += count
                try progress(done)
            }
        }
        try target.write { transaction in
            for statement in CopiedTable.all.compactMap(\.renumber) { _ = try transaction.rows(statement) { _ in } }
        }
        return written
    }

    /// Holds every row of the one against the other.
    ///
    /// - Parameter progress: as for ``run(progress:)``.
    /// - Returns: how many rows there are.
    /// - Throws: ``Difference`` of the first table that is not the same; `DatabaseError`.
    package func verify(progress: (Int) throws -> Void = { _ in }) throws -> Int {
        var done = 0
        for table in CopiedTable.all {
            try compare(table) { _ in
                throw Difference(table: table.name)
            } progress: { count in
                done += count
                try progress(done)
            }
        }
        return done
    }

    /// Goes through both in the order of the key, and hands over what the target has not.
    private func compare(
        _ table: CopiedTable,
        missing: ([CopiedTable.Values]) throws -> Void,
        progress: (Int) throws -> Void
    ) throws {
        var last: CopiedTable.Values?
        while true {
            let rows = try table.rows(behind: last, limit: Self.batchSize, in: source)
            let there = try table.rows(behind: last, limit: Self.batchSize, in: target)
            let isBeginning = Self.areSame(rows.prefix(there.count), there[...])
            // What the schema itself has put there is written over.
            guard isBeginning || table.isFilled, there.count <= rows.count else {
                throw Difference(table: table.name)
            }
            let lacking = isBeginning ? rows[there.count...] : rows[...]
            if !lacking.isEmpty { try missing(Array(lacking)) }
            guard let end = rows.last else { return }
            last = end
            try progress(rows.count)
        }
    }

    private static func areSame(_ one: ArraySlice<CopiedTable.Values>, _ other: ArraySlice<CopiedTable.Values>) -> Bool
    {
        one.count == other.count
            && zip(one, other).allSatisfy { row, there in zip(row, there).allSatisfy { $0.isSame(as: $1) } }
    }
}

extension DatabaseValue {
    /// Byte by byte: two texts that people take for the same may be written in different ways.
    fileprivate func isSame(as other: DatabaseValue) -> Bool {
        if case .text(let text) = self, case .text(let there) = other { return text.utf8.elementsEqual(there.utf8) }
        return self == other
    }
}
