/// How large the operations of a document are, apart from variables.
///
/// Made for documents without cycles whose nesting is bounded. Each fragment is measured once.
struct DocumentMeasure {
    fileprivate struct Size {
        var depth = 0
        var rootAliases = 0
        var aliases = 0
    }

    private let fragments: [String: FragmentDefinition]
    private var measured: [String: Size] = [:]
    /// The most directives at one place.
    private var directives = 0

    /// Throws the first limit that a document exceeds.
    static func check(_ document: Document, _ limits: OperationLimits) throws(GraphQLError) {
        let fragments = document.fragments
        try check(fragments.count, limits.fragments, "fragments")
        var measure = DocumentMeasure(fragments)
        for fragment in fragments { measure.note(fragment.directives) }
        for operation in document.operations {
            measure.note(operation.directives)
            for variable in operation.variables { measure.note(variable.directives) }
            let size = measure.size(of: operation.selections)
            try check(size.depth, limits.depth, "levels of fields")
            try check(size.rootAliases, limits.rootAliases, "aliases at its root")
            try check(size.aliases, limits.aliases, "aliases")
        }
        try check(measure.directives, limits.directives, "directives at one place")
    }

    private static func check(_ number: Int, _ limit: Int, _ what: String) throws(GraphQLError) {
        if number > limit { throw GraphQLError("The document has more than \(limit) \(what).") }
    }

    private init(_ fragments: [FragmentDefinition]) {
        self.fragments = Dictionary(fragments.map { ($0.name.text, $0) }) { first, _ in first }
    }

    private mutating func note(_ directives: [Directive]) {
        self.directives = max(self.directives, directives.count)
    }

    private mutating func size(of selections: [Selection]) -> Size {
        var size = Size()
        for selection in selections {
            switch selection {
            case .field(let field):
                note(field.directives)
                let inner = field.selections.map { self.size(of: $0) } ?? Size()
                size.depth = max(size.depth, inner.depth + 1)
                size.aliases = size.aliases.addingWithoutOverflow(inner.aliases)
                if field.alias != nil {
                    size.aliases = size.aliases.addingWithoutOverflow(1)
                    size.rootAliases = size.rootAliases.addingWithoutOverflow(1)
                }
            case .inline(let fragment):
                note(fragment.directives)
                size.add(self.size(of: fragment.selections))
            case .spread(let spread):
                note(spread.directives)
                size.add(self.size(of: spread.name.text))
            }
        }
        return size
    }

    private mutating func size(of fragment: String) -> Size {
        if let size = measured[fragment] { return size }
        guard let definition = fragments[fragment] else { return Size() }
        let size = self.size(of: definition.selections)
        measured[fragment] = size
        return size
    }
}

extension DocumentMeasure.Size {
    fileprivate mutating func add(_ other: Self) {
        depth = max(depth, other.depth)
        rootAliases = rootAliases.addingWithoutOverflow(other.rootAliases)
        aliases = aliases.addingWithoutOverflow(other.aliases)
    }
}

extension Int {
    /// The sum, or the greatest number where that is too small for it.
    func addingWithoutOverflow(_ other: Int) -> Int {
        let (sum, overflowed) = addingReportingOverflow(other)
        return overflowed ? .max : sum
    }

    /// The product, or the greatest number where that is too small for it.
    func multipliedWithoutOverflow(by other: Int) -> Int {
        let (product, overflowed) = multipliedReportingOverflow(by: other)
        return overflowed ? .max : product
    }
}
