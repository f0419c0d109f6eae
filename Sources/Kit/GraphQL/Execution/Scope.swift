/// All objects of one type at one place of the answer, with the fields that are selected on them.
///
/// The objects may have come from many objects of the scope above: the cells there say which row belongs where.
final class Scope {
    let type: NamedType
    let objects: ObjectColumn
    var fields: [ScopeField]

    init(_ type: NamedType, _ objects: ObjectColumn, fields: [ScopeField]) {
        self.type = type
        self.objects = objects
        self.fields = fields
    }
}

/// A field of a scope: one column of the answer.
struct ScopeField {
    let name: String
    /// All that are merged into it.
    let nodes: [Field]
    let field: ExecutableField
    /// One for each object of the scope.
    var cells: [Cell] = []
    /// The objects below, one scope for each type.
    var scopes: [Scope] = []

    var definition: FieldDefinition { field.definition }
}
