// The walk over one definition: each node once, with the type at which it stands. Nesting of the document bounds it.

extension Validation {
    mutating func walk(_ operation: OperationDefinition) {
        for variable in operation.variables { check(variable) }
        check(operation.directives, at: operation.kind.directiveLocation)
        walk(operation.selections, in: schema.root(operation.kind))
    }

    mutating func walk(_ fragment: FragmentDefinition) {
        let type = checkCondition(fragment.condition, of: "Fragment '\(fragment.name.text)'")
        check(fragment.directives, at: .fragmentDefinition)
        walk(fragment.selections, in: type)
    }

    private mutating func walk(_ selections: [Selection], in parent: NamedType?) {
        for selection in selections where !isFull {
            switch selection {
            case .field(let field): walk(field, in: parent)
            case .spread(let spread): walk(spread, in: parent)
            case .inline(let fragment): walk(fragment, in: parent)
            }
        }
    }

    private mutating func walk(_ field: Field, in parent: NamedType?) {
        let definition = parent.flatMap { schema.field(field.name.text, of: $0) }
        if let parent, definition == nil {
            report(
                .fieldsOnCorrectType,
                "Cannot query field '\(field.name.text)' on type '\(parent.name)'.",
                at: field.offset
            )
        }
        let type = definition.flatMap { schema.type(of: $0.type) }
        checkLeaf(field, definition, type)
        check(field, definition, of: parent)
        check(field.directives, at: .field)
        if let selections = field.selections {
            walk(selections, in: type.flatMap { $0.kind.isComposite ? $0 : nil })
        }
    }

    private mutating func walk(_ spread: FragmentSpread, in parent: NamedType?) {
        uses.spreads.append(spread)
        if let fragment = fragments[spread.name.text] {
            checkSpread(of: schema.type(fragment.condition.text), in: parent, at: spread.offset)
        } else {
            report(.knownFragmentNames, "Unknown fragment '\(spread.name.text)'.", at: spread.name.offset)
        }
        check(spread.directives, at: .fragmentSpread)
    }

    private mutating func walk(_ fragment: InlineFragment, in parent: NamedType?) {
        var type = parent
        if let condition = fragment.condition {
            type = checkCondition(condition, of: "Fragment")
            checkSpread(of: type, in: parent, at: fragment.offset)
        }
        check(fragment.directives, at: .inlineFragment)
        walk(fragment.selections, in: type)
    }
}

extension OperationKind {
    fileprivate var directiveLocation: DirectiveLocation {
        switch self {
        case .query: .query
        case .mutation: .mutation
        case .subscription: .subscription
        }
    }
}
