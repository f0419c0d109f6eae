/// Whether a literal fits a type (sections 5.6.1 to 5.6.5).
///
/// Variables fit everywhere here: where they may stand is checked by another rule.
struct LiteralCheck {
    struct Fault {
        let message: String
        let offset: Int
    }

    private let schema: Schema
    private(set) var faults: [Fault] = []

    init(_ schema: Schema) {
        self.schema = schema
    }

    mutating func check(_ value: Value, _ reference: TypeReference) {
        if case .variable = value.kind { return }
        if case .null = value.kind {
            if reference.isNonNull {
                fault("Expected value of non-null type '\(reference)' not to be null.", value)
            }
            return
        }
        switch reference {
        case .nonNull(let inner): check(value, inner)
        case .list(let element):
            // One value stands for a list of one.
            guard case .list(let values) = value.kind else { return check(value, element) }
            for value in values { check(value, element) }
        case .named(let name):
            guard let type = schema.type(name) else { return }
            check(value, type)
        }
    }

    private mutating func check(_ value: Value, _ type: NamedType) {
        switch type.kind {
        case .inputObject:
            guard case .object(let fields) = value.kind else {
                let found = excerpt(value)
                return fault("Expected value of type '\(type.name)' to be an object, found: \(found).", value)
            }
            check(value, fields, type)
        case .enumeration:
            if case .enumeration(let name) = value.kind {
                if type.hasValue(name) { return }
                fault("Value '\(name)' does not exist in '\(type.name)' enum.", value)
            } else {
                fault("Enum '\(type.name)' cannot represent non-enum value: \(excerpt(value)).", value)
            }
        case .scalar:
            if value.kind.holdsVariable || type.coercion?.parseLiteral(value.kind) != nil { return }
            fault("\(type.name) cannot represent value: \(excerpt(value)).", value)
        default: break
        }
    }

    private mutating func check(_ value: Value, _ fields: [Argument], _ type: NamedType) {
        let given = Dictionary(fields.map { ($0.name.text, $0) }) { _, last in last }
        for input in type.inputs {
            if let field = given[input.name] {
                check(field.value, input.type)
            } else if input.isRequired {
                fault(
                    "Expected value of type '\(type.name)' to include required field '\(input.name)',"
                        + " found: \(excerpt(value)).",
                    value
                )
            }
        }
        var known: [Argument] = []
        for field in fields {
            if type.input(field.name.text) != nil {
                known.append(field)
            } else {
                faults.append(
                    Fault(
                        message: "Expected value of type '\(type.name)' not to include unknown field"
                            + " '\(field.name.text)', found: \(excerpt(value)).",
                        offset: field.name.offset
                    )
                )
            }
        }
        guard type.isOneOf else { return }
        if known.count == 1, let only = known.first {
            if case .null = only.value.kind { fault(type.oneOfMessage, value) }
        } else {
            fault(type.oneOfMessage, value)
        }
    }

    private mutating func fault(_ message: String, _ value: Value) {
        faults.append(Fault(message: message, offset: value.offset))
    }

    private func excerpt(_ value: Value) -> String {
        let text = value.kind.printed
        return text.utf8.count <= 64 ? text : text.prefix(60) + " ..."
    }
}

extension NamedType {
    var oneOfMessage: String {
        "Within OneOf Input Object type '\(name)', exactly one field must be specified,"
            + " and the value for that field must be non-null."
    }
}

extension Value.Kind {
    var holdsVariable: Bool {
        switch self {
        case .variable: true
        case .list(let values): values.contains { $0.kind.holdsVariable }
        case .object(let fields): fields.contains { $0.value.kind.holdsVariable }
        default: false
        }
    }
}
