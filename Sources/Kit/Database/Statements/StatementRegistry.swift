/// The statements that the sessions of a program may run.
///
/// A session refuses any other, so that no statement gets past the checks of
/// ``planViolations(in:)``.
public struct StatementRegistry: Sendable {
    /// The statements, in the order in which they were given.
    public let definitions: [StatementDefinition]

    // How many slots a session needs.
    let slotCount: Int

    private let indexes: Set<Int>

    /// Collects statements.
    ///
    /// - Throws: ``DatabaseError/misuse(_:)`` if two have the same id.
    public init(_ definitions: [StatementDefinition]) throws {
        var ids: Set<String> = []
        for definition in definitions where !ids.insert(definition.id).inserted {
            throw DatabaseError.misuse("two statements have this id", statement: definition.id)
        }
        self.definitions = definitions
        indexes = Set(definitions.map(\.index))
        slotCount = (indexes.max() ?? -1) + 1
    }

    func contains(_ definition: StatementDefinition) -> Bool {
        indexes.contains(definition.index)
    }
}
