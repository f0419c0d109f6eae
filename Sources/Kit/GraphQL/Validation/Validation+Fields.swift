// Fields and their arguments (sections 5.3.3 and 5.4).

extension Validation {
    /// What has fields needs braces, and what has none must not have them.
    mutating func checkLeaf(_ field: Field, _ definition: FieldDefinition?, _ type: NamedType?) {
        guard let definition, let type else { return }
        if type.kind.isLeaf, field.selections != nil {
            report(
                .scalarLeafs,
                "Field '\(field.name.text)' must not have a selection since type '\(definition.type)' has no subfields.",
                at: field.selectionsOffset
            )
        } else if type.kind.isComposite, field.selections == nil {
            report(
                .scalarLeafs,
                "Field '\(field.name.text)' of type '\(definition.type)' must have a selection of subfields."
                    + " Did you mean '\(field.name.text) { ... }'?",
                at: field.offset
            )
        }
    }

    mutating func check(_ field: Field, _ definition: FieldDefinition?, of parent: NamedType?) {
        let place = "\(parent?.name ?? "").\(field.name.text)"
        check(field.arguments, definition?.arguments, of: place, at: field.offset)
    }

    /// The arguments of a field or directive; `definitions` is nil where that is not known.
    mutating func check(
        _ arguments: [Argument],
        _ definitions: [InputValueDefinition]?,
        of place: String,
        at offset: Int
    ) {
        checkUnique(arguments)
        for argument in arguments {
            let definition = definitions?.first { $0.name == argument.name.text }
            if definitions != nil, definition == nil {
                report(
                    .knownArgumentNames,
                    "Unknown argument '\(argument.name.text)' on '\(place)'.",
                    at: argument.name.offset
                )
            }
            check(argument.value, definition?.type, hasDefault: definition?.defaultValue != nil)
        }
        for definition in definitions ?? [] where definition.isRequired {
            guard !arguments.contains(where: { $0.name.text == definition.name }) else { continue }
            report(
                .providedRequiredArguments,
                "Argument '\(place)(\(definition.name):)' of type '\(definition.type)' is required,"
                    + " but it was not provided.",
                at: offset
            )
        }
    }

    private mutating func checkUnique(_ arguments: [Argument]) {
        guard arguments.count > 1 else { return }
        var places: [String: [Int]] = [:]
        for argument in arguments { places[argument.name.text, default: []].append(argument.name.offset) }
        guard places.count < arguments.count else { return }
        for argument in arguments {
            // The first of each name reports for all.
            guard let offsets = places[argument.name.text], offsets.count > 1, offsets.first == argument.name.offset
            else { continue }
            report(
                .uniqueArgumentNames,
                "There can be only one argument named '\(argument.name.text)'.",
                at: offsets
            )
        }
    }
}
