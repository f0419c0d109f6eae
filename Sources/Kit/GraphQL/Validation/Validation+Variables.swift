/// A variable where it is used.
struct VariableUse {
    let name: String
    let offset: Int
    /// What is expected there; nil where that is not known.
    let type: TypeReference?
    /// Whether the place has a default of its own.
    let hasDefault: Bool
    /// The input object of which the place is a field, where exactly one has to be given.
    let oneOf: NamedType?
}

// Variables (section 5.8).

extension Validation {
    mutating func check(_ variable: VariableDefinition) {
        if let type = schema.type(of: variable.type.reference) {
            if !type.kind.isInput {
                report(
                    .variablesAreInputTypes,
                    "Variable '$\(variable.name.text)' cannot be non-input type '\(variable.type.reference)'.",
                    at: variable.type.offset
                )
            } else if let value = variable.defaultValue {
                check(value, variable.type.reference, hasDefault: false)
            }
        } else {
            report(.knownTypeNames, "Unknown type '\(variable.type.reference.name)'.", at: variable.type.nameOffset)
        }
        check(variable.directives, at: .variableDefinition)
    }

    /// Rules on the variables of each operation and the fragments that it reaches.
    mutating func checkVariables() {
        for (operation, own) in zip(document.operations, operationUses) where !isFull {
            checkUnique(operation.variables)
            let declared = Dictionary(operation.variables.map { ($0.name.text, $0) }) { _, last in last }
            var used: Set<String> = []
            for use in reachableUses(own) {
                used.insert(use.name)
                if let variable = declared[use.name] {
                    check(use, variable)
                } else {
                    let place = operation.name.map { " by operation '\($0.text)'" } ?? ""
                    report(
                        .noUndefinedVariables,
                        "Variable '$\(use.name)' is not defined\(place).",
                        at: use.offset,
                        operation.offset
                    )
                }
            }
            for variable in operation.variables where !used.contains(variable.name.text) {
                let place = operation.name.map { " in operation '\($0.text)'" } ?? ""
                report(
                    .noUnusedVariables,
                    "Variable '$\(variable.name.text)' is never used\(place).",
                    at: variable.offset
                )
            }
        }
    }

    private func reachableUses(_ own: Uses) -> [VariableUse] {
        var variables = own.variables
        var visited: Set<String> = []
        var pending = own.spreads
        while let spread = pending.popLast() {
            guard visited.insert(spread.name.text).inserted, let uses = fragmentUses[spread.name.text] else { continue }
            variables += uses.variables
            pending += uses.spreads
        }
        return variables
    }

    private mutating func checkUnique(_ variables: [VariableDefinition]) {
        var places: [String: [Int]] = [:]
        for variable in variables { places[variable.name.text, default: []].append(variable.name.offset) }
        guard places.count < variables.count else { return }
        for variable in variables {
            guard let offsets = places[variable.name.text], offsets.count > 1, offsets.first == variable.name.offset
            else { continue }
            report(
                .uniqueVariableNames,
                "There can be only one variable named '$\(variable.name.text)'.",
                at: offsets
            )
        }
    }

    private mutating func check(_ use: VariableUse, _ variable: VariableDefinition) {
        let type = variable.type.reference
        guard let expected = use.type, schema.type(of: type) != nil else { return }
        if !isAllowed(variable, expected, hasDefault: use.hasDefault) {
            report(
                .variablesInAllowedPosition,
                "Variable '$\(use.name)' of type '\(type)' used in position expecting type '\(expected)'.",
                at: variable.offset,
                use.offset
            )
        }
        if let oneOf = use.oneOf, !type.isNonNull {
            report(
                .variablesInAllowedPosition,
                "Variable '$\(use.name)' is of type '\(type)' but must be non-nullable to be used for OneOf"
                    + " Input Object '\(oneOf.name)'.",
                at: variable.offset,
                use.offset
            )
        }
    }

    /// IsVariableUsageAllowed (section 5.8.5): a nullable variable may stand where null is not allowed if either has a
    /// default.
    private func isAllowed(_ variable: VariableDefinition, _ expected: TypeReference, hasDefault: Bool) -> Bool {
        let type = variable.type.reference
        guard expected.isNonNull, !type.isNonNull else { return schema.isSubtype(type, of: expected) }
        var hasValue = hasDefault
        if let value = variable.defaultValue {
            if case .null = value.kind {} else { hasValue = true }
        }
        return hasValue && schema.isSubtype(type, of: expected.nullable)
    }
}
