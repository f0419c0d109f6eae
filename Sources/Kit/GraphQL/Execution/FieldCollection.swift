internal import JSON

/// The fields of a selection for one object type, by response name in the order of the document (section 6.3.2,
/// CollectFields).
struct FieldCollection {
    struct Group {
        let name: String
        var fields: [Field]
    }

    private(set) var groups: [Group] = []
    private var index: [String: Int] = [:]
    private var visited: Set<String> = []
    private let type: NamedType
    private let schema: Schema
    private let fragments: [String: FragmentDefinition]
    private let variables: [String: JSONValue]

    init(
        for type: NamedType,
        _ schema: Schema,
        _ fragments: [String: FragmentDefinition],
        _ variables: [String: JSONValue]
    ) {
        self.type = type
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
    }

    /// Adds what a selection set selects; may be called for several, which are merged.
    mutating func collect(_ selections: [Selection]) throws(GraphQLError) {
        for selection in selections {
            switch selection {
            case .field(let field):
                if try isIncluded(field.directives) { add(field) }
            case .inline(let fragment):
                guard try isIncluded(fragment.directives), applies(fragment.condition) else { continue }
                try collect(fragment.selections)
            case .spread(let spread):
                guard try isIncluded(spread.directives), !visited.contains(spread.name.text),
                    let fragment = fragments[spread.name.text]
                else { continue }
                visited.insert(spread.name.text)
                if applies(fragment.condition) { try collect(fragment.selections) }
            }
        }
    }

    /// Few names are compared one by one, many are hashed.
    private mutating func add(_ field: Field) {
        let name = field.responseName
        if groups.count < 16 {
            for index in groups.indices where groups[index].name == name {
                return groups[index].fields.append(field)
            }
        } else {
            if index.isEmpty { for (number, group) in groups.enumerated() { index[group.name] = number } }
            if let number = index[name] { return groups[number].fields.append(field) }
            index[name] = groups.count
        }
        groups.append(Group(name: name, fields: [field]))
    }

    private func applies(_ condition: Name?) -> Bool {
        guard let condition, condition.text != type.name else { return true }
        return schema.type(condition.text).map { schema.isPossible(type.name, for: $0) } ?? false
    }

    private func isIncluded(_ directives: [Directive]) throws(GraphQLError) -> Bool {
        for directive in directives {
            switch directive.name.text {
            case "skip": if try condition(of: directive) { return false }
            case "include": if try !condition(of: directive) { return false }
            default: break
            }
        }
        return true
    }

    private func condition(of directive: Directive) throws(GraphQLError) -> Bool {
        let argument = directive.arguments.first { $0.name.text == "if" }
        switch argument?.value.kind {
        case .bool(let value)?: return value
        case .variable(let name)?: if case .bool(let value)? = variables[name] { return value }
        default: break
        }
        throw GraphQLError("Argument '@\(directive.name.text)(if:)' of non-null type 'Boolean!' must not be null.")
    }
}
