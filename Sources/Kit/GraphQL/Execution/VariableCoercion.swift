internal import JSON

extension InputCoercion {
    /// Coerces the variables of an operation (section 6.1.2, CoerceVariableValues).
    ///
    /// Gives all that is wrong, at most one error for each variable. What an operation does not declare is ignored.
    static func variables(
        _ given: JSONObject,
        of operation: OperationDefinition,
        in document: Document,
        _ schema: Schema
    ) -> Result<[String: JSONValue], RequestErrors> {
        if operation.variables.isEmpty { return .success([:]) }
        let coercion = InputCoercion(schema)
        let values = Dictionary(given.members.map { ($0.name, $0.value) }) { first, _ in first }
        var result: [String: JSONValue] = [:]
        var errors: [GraphQLError] = []
        for variable in operation.variables where errors.count < 50 {
            let name = variable.name.text
            let type = variable.type.reference
            if let value = values[name] {
                var faults: [Fault] = []
                if let value = coercion.coerce(value, type, at: [], &faults) {
                    result[name] = value
                } else {
                    let fault = faults.first
                    let path = (fault?.path ?? []).map(\.suffix).joined()
                    let place = path.isEmpty ? "" : " at '\(name)\(path)'"
                    errors.append(
                        GraphQLError(
                            "Variable '$\(name)' has invalid value\(place): \(fault?.message ?? "unknown type.")",
                            at: [variable.offset],
                            in: document.source
                        )
                    )
                }
            } else if let literal = variable.defaultValue, let value = coercion.coerce(literal, type) {
                result[name] = value
            } else if type.isNonNull {
                errors.append(
                    GraphQLError(
                        "Variable '$\(name)' of required type '\(type)' was not provided.",
                        at: [variable.offset],
                        in: document.source
                    )
                )
            }
        }
        return errors.isEmpty ? .success(result) : .failure(RequestErrors(errors))
    }
}

/// Why an operation was not executed at all.
struct RequestErrors: Error {
    let errors: [GraphQLError]

    init(_ errors: [GraphQLError]) {
        self.errors = errors
    }
}

extension GraphQLError.PathElement {
    fileprivate var suffix: String {
        switch self {
        case .name(let name): "." + name
        case .index(let index): "[\(index)]"
        }
    }
}
