internal import JSON

/// What an operation can cost at most, with the sizes of lists that it asks for (after Shopify's and GitHub's).
///
/// Selections that variables leave out are not counted. A fragment is measured once, so the time is that of the document
/// and not that of the answer.
public struct OperationCost: Sendable, Equatable {
    /// The sum over all fields of what they cost, for each object on which they are resolved.
    public internal(set) var cost = 0
    /// The objects that the answer can have.
    public internal(set) var nodes = 0

    fileprivate mutating func add(_ other: OperationCost) {
        cost = cost.addingWithoutOverflow(other.cost)
        nodes = nodes.addingWithoutOverflow(other.nodes)
    }
}

struct CostMeasure {
    private let schema: Schema
    private let fragments: [String: FragmentDefinition]
    private let variables: [String: JSONValue]
    private var measured: [String: OperationCost] = [:]

    init(_ schema: Schema, _ fragments: [String: FragmentDefinition], _ variables: [String: JSONValue]) {
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
    }

    mutating func cost(of selections: [Selection], in parent: NamedType?) -> OperationCost {
        var total = OperationCost()
        for selection in selections {
            switch selection {
            case .field(let field) where isIncluded(field.directives): total.add(cost(of: field, in: parent))
            case .inline(let fragment) where isIncluded(fragment.directives):
                let type = fragment.condition.map { schema.type($0.text) } ?? parent
                total.add(cost(of: fragment.selections, in: type))
            case .spread(let spread) where isIncluded(spread.directives): total.add(cost(of: spread.name.text))
            default: break
            }
        }
        return total
    }

    private mutating func cost(of fragment: String) -> OperationCost {
        if let cost = measured[fragment] { return cost }
        guard let definition = fragments[fragment] else { return OperationCost() }
        let total = cost(of: definition.selections, in: schema.type(definition.condition.text))
        measured[fragment] = total
        return total
    }

    private mutating func cost(of field: Field, in parent: NamedType?) -> OperationCost {
        guard let definition = parent.flatMap({ schema.field(field.name.text, of: $0) }) else { return OperationCost() }
        var total = OperationCost(cost: definition.cost.own, nodes: 0)
        guard let selections = field.selections else { return total }
        let inner = cost(of: selections, in: schema.type(of: definition.type))
        let size = size(of: field, definition)
        total.cost = total.cost.addingWithoutOverflow(size.multipliedWithoutOverflow(by: inner.cost))
        total.nodes = size.multipliedWithoutOverflow(by: inner.nodes.addingWithoutOverflow(1))
        return total
    }

    /// How many elements a field can give.
    private func size(of field: Field, _ definition: FieldDefinition) -> Int {
        var asked: Int?
        for name in definition.cost.sizedBy {
            let given = field.arguments.first { $0.name.text == name }?.value
            let assumed = definition.arguments.first { $0.name == name }?.defaultValue
            guard let value = given ?? assumed, let size = integer(value) else { continue }
            asked = max(asked ?? 0, size)
        }
        return max(asked ?? definition.cost.assumedSize, 0)
    }

    private func integer(_ value: Value) -> Int? {
        switch value.kind {
        // What does not fit is refused when arguments are coerced.
        case .int(let text): return Int(text) ?? .max
        case .variable(let name):
            if case .integer(let number)? = variables[name] { return Int(number) }
            return nil
        default: return nil
        }
    }

    private func isIncluded(_ directives: [Directive]) -> Bool {
        directives.allSatisfy { directive in
            let name = directive.name.text
            guard name == "skip" || name == "include" else { return true }
            switch directive.arguments.first(where: { $0.name.text == "if" })?.value.kind {
            case .bool(let value)?: return value == (name == "include")
            case .variable(let variable)?: return variables[variable] != .bool(name == "skip")
            default: return true
            }
        }
    }
}
