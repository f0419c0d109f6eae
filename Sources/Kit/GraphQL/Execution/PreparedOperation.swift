internal import JSON

/// An operation that may be executed: its document is valid and within the limits, its variables fit.
public struct PreparedOperation: Sendable {
    let definition: OperationDefinition
    let document: ValidatedDocument
    let variables: [String: JSONValue]

    /// What it can cost at most.
    ///
    /// For a budget that is charged before it is executed.
    public let cost: OperationCost

    /// What it does.
    ///
    /// For rules such as "only queries by GET".
    public var kind: OperationKind { definition.kind }

    /// Its name.
    ///
    /// nil where it has none.
    public var name: String? { definition.name?.text }

    var source: [UInt8] { document.document.source }
    var fragments: [String: FragmentDefinition] { document.fragments }
}

/// A document that has passed validation and the limits that do not depend on variables.
final class ValidatedDocument: Sendable {
    let document: Document
    let operations: [OperationDefinition]
    let fragments: [String: FragmentDefinition]

    init(_ document: Document) {
        self.document = document
        operations = document.operations
        fragments = Dictionary(document.fragments.map { ($0.name.text, $0) }) { first, _ in first }
    }
}
