// The nodes of executable documents (sections 2.2 to 2.12). Each knows the byte at which it begins; nodes that are held by
// many are classes, so that they are handed on by reference and can be told apart.

enum Definition: Sendable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case typeSystem(TypeSystemDefinition)
}

final class OperationDefinition: Sendable {
    let kind: OperationKind
    let name: Name?
    let variables: [VariableDefinition]
    let directives: [Directive]
    let selections: [Selection]
    let offset: Int
    /// Where the selection set begins.
    let selectionsOffset: Int

    init(
        kind: OperationKind,
        name: Name?,
        variables: [VariableDefinition],
        directives: [Directive],
        selections: [Selection],
        offset: Int,
        selectionsOffset: Int
    ) {
        self.kind = kind
        self.name = name
        self.variables = variables
        self.directives = directives
        self.selections = selections
        self.offset = offset
        self.selectionsOffset = selectionsOffset
    }
}

final class FragmentDefinition: Sendable {
    let name: Name
    let condition: Name
    let directives: [Directive]
    let selections: [Selection]
    let offset: Int

    init(name: Name, condition: Name, directives: [Directive], selections: [Selection], offset: Int) {
        self.name = name
        self.condition = condition
        self.directives = directives
        self.selections = selections
        self.offset = offset
    }
}

enum Selection: Sendable {
    case field(Field)
    case spread(FragmentSpread)
    case inline(InlineFragment)
}

final class Field: Sendable {
    let alias: Name?
    let name: Name
    let arguments: [Argument]
    let directives: [Directive]
    /// nil where there are no braces.
    let selections: [Selection]?
    /// Where the selection set begins.
    let selectionsOffset: Int

    init(
        alias: Name?,
        name: Name,
        arguments: [Argument],
        directives: [Directive],
        selections: [Selection]?,
        selectionsOffset: Int
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selections = selections
        self.selectionsOffset = selectionsOffset
    }

    var responseName: String { alias?.text ?? name.text }
    var offset: Int { alias?.offset ?? name.offset }
}

final class FragmentSpread: Sendable {
    let name: Name
    let directives: [Directive]
    let offset: Int

    init(name: Name, directives: [Directive], offset: Int) {
        self.name = name
        self.directives = directives
        self.offset = offset
    }
}

final class InlineFragment: Sendable {
    let condition: Name?
    let directives: [Directive]
    let selections: [Selection]
    let offset: Int

    init(condition: Name?, directives: [Directive], selections: [Selection], offset: Int) {
        self.condition = condition
        self.directives = directives
        self.selections = selections
        self.offset = offset
    }
}

struct Name: Sendable {
    let text: String
    let offset: Int
}

struct Argument: Sendable {
    let name: Name
    let value: Value
}

struct Directive: Sendable {
    let name: Name
    let arguments: [Argument]
    /// Where the at sign stands.
    let offset: Int
}

struct VariableDefinition: Sendable {
    let name: Name
    let type: TypeNode
    let defaultValue: Value?
    let directives: [Directive]
    let offset: Int
}

/// A type as a document writes it.
struct TypeNode: Sendable {
    let reference: TypeReference
    let offset: Int
    /// Where the name inside all brackets stands.
    let nameOffset: Int
}

/// A literal (section 2.9).
struct Value: Sendable {
    enum Kind: Sendable {
        case variable(String)
        case null
        case bool(Bool)
        /// As it is written: no literal is too large to be read.
        case int(String)
        case float(String)
        case string(String)
        case enumeration(String)
        case list([Value])
        case object([Argument])
    }

    let kind: Kind
    let offset: Int
}
