// Documents and operations (sections 5.1 and 5.2).

extension Validation {
    /// Rules on the definitions as a list.
    mutating func checkDefinitions() {
        var operationNames: [String: Int] = [:]
        var fragmentNames: [String: Int] = [:]
        let operationCount = document.operations.count
        for definition in document.definitions {
            switch definition {
            case .operation(let operation):
                if schema.root(operation.kind) == nil {
                    report(
                        .knownOperationTypes,
                        "The \(operation.kind.rawValue) operation is not supported by the schema.",
                        at: operation.offset
                    )
                }
                if let name = operation.name {
                    checkUnique(name, in: &operationNames, .uniqueOperationNames, "operation")
                } else if operationCount > 1 {
                    report(
                        .loneAnonymousOperation,
                        "This anonymous operation must be the only defined operation.",
                        at: operation.offset
                    )
                }
            case .fragment(let fragment):
                checkUnique(fragment.name, in: &fragmentNames, .uniqueFragmentNames, "fragment")
            case .typeSystem(let node):
                let what = node.kind == .schema ? "schema" : "'\(node.name.text)'"
                report(.executableDefinitions, "The \(what) definition is not executable.", at: node.offset)
            }
        }
    }

    private mutating func checkUnique(
        _ name: Name,
        in names: inout [String: Int],
        _ rule: ValidationRule,
        _ what: String
    ) {
        if let first = names[name.text] {
            report(rule, "There can be only one \(what) named '\(name.text)'.", at: first, name.offset)
        } else {
            names[name.text] = name.offset
        }
    }

    /// A subscription selects one field that is not of introspection, and does so always.
    mutating func checkSubscriptions() {
        for operation in document.operations where operation.kind == .subscription {
            guard let root = schema.root(.subscription) else { continue }
            var collection = RootFields(root: root, schema: schema, fragments: fragments)
            collection.collect(operation.selections)
            let name = operation.name.map { "Subscription '\($0.text)'" } ?? "Anonymous Subscription"
            if !collection.conditions.isEmpty {
                report(
                    .singleFieldSubscriptions,
                    "\(name) must not use `@skip` or `@include` directives in the top level selection.",
                    at: collection.conditions
                )
                continue
            }
            if collection.order.count > 1 {
                let extra = collection.order.dropFirst().flatMap { collection.fields[$0] ?? [] }
                report(
                    .singleFieldSubscriptions,
                    "\(name) must select only one top level field.",
                    at: extra.map(\.offset)
                )
            }
            for key in collection.order {
                let fields = collection.fields[key] ?? []
                guard fields.first?.name.text.hasPrefix("__") == true else { continue }
                report(
                    .singleFieldSubscriptions,
                    "\(name) must not select an introspection top level field.",
                    at: fields.map(\.offset)
                )
            }
        }
    }
}

/// The fields of a subscription at its root, by response name.
private struct RootFields {
    let root: NamedType
    let schema: Schema
    let fragments: [String: FragmentDefinition]
    var order: [String] = []
    var fields: [String: [Field]] = [:]
    /// Where skip and include stand.
    var conditions: [Int] = []
    private var visited: Set<String> = []

    init(root: NamedType, schema: Schema, fragments: [String: FragmentDefinition]) {
        self.root = root
        self.schema = schema
        self.fragments = fragments
    }

    mutating func collect(_ selections: [Selection]) {
        for selection in selections {
            switch selection {
            case .field(let field):
                note(field.directives)
                if fields[field.responseName] == nil { order.append(field.responseName) }
                fields[field.responseName, default: []].append(field)
            case .inline(let fragment):
                note(fragment.directives)
                if applies(fragment.condition) { collect(fragment.selections) }
            case .spread(let spread):
                note(spread.directives)
                guard visited.insert(spread.name.text).inserted, let fragment = fragments[spread.name.text] else {
                    continue
                }
                if applies(fragment.condition) { collect(fragment.selections) }
            }
        }
    }

    private mutating func note(_ directives: [Directive]) {
        conditions += directives.filter { ["skip", "include"].contains($0.name.text) }.map(\.offset)
    }

    private func applies(_ condition: Name?) -> Bool {
        guard let condition else { return true }
        return schema.type(condition.text).map { schema.isPossible(root.name, for: $0) } ?? false
    }
}
