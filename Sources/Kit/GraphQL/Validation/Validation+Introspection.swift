extension Validation {
    /// Types hold fields, which hold types: three lists of them inside each other are more than any tool asks for and
    /// already give a very long answer.
    mutating func checkIntrospectionDepth() {
        let limit = 3
        for definition in document.definitions {
            let selections: [Selection]
            switch definition {
            case .operation(let operation): selections = operation.selections
            case .fragment(let fragment): selections = fragment.selections
            case .typeSystem: continue
            }
            checkIntrospectionDepth(selections, limit)
        }
    }

    private mutating func checkIntrospectionDepth(_ selections: [Selection], _ limit: Int) {
        for selection in selections {
            switch selection {
            case .field(let field) where field.name.text == "__schema" || field.name.text == "__type":
                var measure = IntrospectionDepth(fragments: fragments, limit: limit)
                if measure.exceeds(field.selections ?? [], depth: 0) {
                    report(.maxIntrospectionDepth, "Maximum introspection depth exceeded", at: field.offset)
                }
            case .field(let field): checkIntrospectionDepth(field.selections ?? [], limit)
            case .inline(let fragment): checkIntrospectionDepth(fragment.selections, limit)
            case .spread: break
            }
        }
    }
}

private struct IntrospectionDepth {
    let fragments: [String: FragmentDefinition]
    let limit: Int
    /// The greatest depth at which each fragment has been looked at.
    private var visited: [String: Int] = [:]

    init(fragments: [String: FragmentDefinition], limit: Int) {
        self.fragments = fragments
        self.limit = limit
    }

    mutating func exceeds(_ selections: [Selection], depth: Int) -> Bool {
        for selection in selections {
            switch selection {
            case .field(let field):
                let isList = ["fields", "interfaces", "possibleTypes", "inputFields"].contains(field.name.text)
                let inner = depth + (isList ? 1 : 0)
                if isList, inner >= limit { return true }
                if let selections = field.selections, exceeds(selections, depth: inner) { return true }
            case .inline(let fragment): if exceeds(fragment.selections, depth: depth) { return true }
            case .spread(let spread):
                if visited[spread.name.text, default: -1] >= depth { continue }
                visited[spread.name.text] = depth
                guard let fragment = fragments[spread.name.text] else { continue }
                if exceeds(fragment.selections, depth: depth) { return true }
            }
        }
        return false
    }
}
