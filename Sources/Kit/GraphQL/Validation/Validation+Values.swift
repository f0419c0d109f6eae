// Values (section 5.6).

extension Validation {
    /// A value of an argument or a default; `reference` is nil where its type is not known.
    mutating func check(_ value: Value, _ reference: TypeReference?, hasDefault: Bool) {
        if let reference {
            var check = LiteralCheck(schema)
            check.check(value, reference)
            for fault in check.faults { report(.valuesOfCorrectType, fault.message, at: fault.offset) }
        }
        visit(value, reference, hasDefault: hasDefault, oneOf: nil)
    }

    /// Takes down variables with the type that is expected of them, and looks for fields that are given twice.
    private mutating func visit(_ value: Value, _ reference: TypeReference?, hasDefault: Bool, oneOf: NamedType?) {
        switch value.kind {
        case .variable(let name):
            uses.variables.append(
                VariableUse(name: name, offset: value.offset, type: reference, hasDefault: hasDefault, oneOf: oneOf)
            )
        case .list(let values):
            let element = reference.flatMap(\.element)
            for value in values { visit(value, element, hasDefault: false, oneOf: nil) }
        case .object(let fields):
            let type = reference.flatMap { schema.type(of: $0) }
            var first: [String: Int] = [:]
            for field in fields {
                let name = field.name.text
                if let earlier = first[name] {
                    report(
                        .uniqueInputFieldNames,
                        "There can be only one input field named '\(name)'.",
                        at: earlier,
                        field.name.offset
                    )
                } else {
                    first[name] = field.name.offset
                }
                let input = type?.input(name)
                visit(
                    field.value,
                    input?.type,
                    hasDefault: input?.defaultValue != nil,
                    oneOf: type?.isOneOf == true ? type : nil
                )
            }
        default: break
        }
    }
}
