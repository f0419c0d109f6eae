// The nodes of schema documents (section 3). All definitions have one shape; what a kind does not have is empty.

struct TypeSystemDefinition: Sendable {
    enum Kind: String, Sendable {
        case schema, scalar, type, interface, union
        case enumeration = "enum"
        case input, directive
    }

    let kind: Kind
    let isExtension: Bool
    let offset: Int
    var description: String?
    /// Empty for a schema.
    var name = Name(text: "", offset: 0)
    var directives: [Directive] = []
    /// What a type or interface implements, or of what a union is made.
    var types: [Name] = []
    var fields: [FieldNode] = []
    /// The fields of an input object, or the arguments of a directive.
    var inputs: [InputValueNode] = []
    var values: [EnumValueNode] = []
    /// The types of a schema's operations.
    var operations: [(kind: OperationKind, type: Name)] = []
    var locations: [DirectiveLocation] = []
    var isRepeatable = false

    /// Whether it says anything beyond its name, as an extension must.
    var isEmpty: Bool {
        directives.isEmpty && types.isEmpty && fields.isEmpty && inputs.isEmpty && values.isEmpty && operations.isEmpty
    }
}

struct FieldNode: Sendable {
    let description: String?
    let name: Name
    let arguments: [InputValueNode]
    let type: TypeNode
    let directives: [Directive]
}

struct InputValueNode: Sendable {
    let description: String?
    let name: Name
    let type: TypeNode
    let defaultValue: Value?
    let directives: [Directive]
}

struct EnumValueNode: Sendable {
    let description: String?
    let name: Name
    let directives: [Directive]
}
