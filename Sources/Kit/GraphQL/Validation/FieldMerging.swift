/// Whether all fields of one response name can be merged (section 5.3.2), by the algorithm of Simon Adameit (XING, 2019).
///
/// The specification compares each field with each other one of its response name, and so takes the square of their
/// number, or more: a document of two thousand equal fields then takes seconds. Here the fields of a name are put into
/// groups that must be alike, each group is compared with its first field, and the selections of the whole group are
/// merged and looked at once:
///
/// - all fields of a name must give the same shape, whatever object they are for; and
/// - those that can be for the same object must be the same field with the same arguments. Two fields can be so unless
///   they are for two different object types.
///
/// A group that has been looked at is not looked at again, wherever fragments lead to it. The number of different groups
/// can still grow with each level of nesting, so fields are counted, and what passes the budget is refused.
struct FieldMerging {
    struct Conflict {
        let responseName: String
        let reason: String
        let offsets: [Int]
    }

    /// A field with the type on which it is selected.
    private struct Entry {
        let field: Field
        let parent: NamedType?
        let definition: FieldDefinition?
    }

    /// Fields by response name, in the order of the document.
    private struct Groups {
        var order: [String] = []
        var entries: [String: [Entry]] = [:]
    }

    private struct Group: Hashable {
        let fields: [ObjectIdentifier]

        init(_ entries: [Entry]) {
            fields = entries.map { ObjectIdentifier($0.field) }
        }
    }

    private let schema: Schema
    private let fragments: [String: FragmentDefinition]
    private var budget: Int
    private var shapesChecked: Set<Group> = []
    private var fieldsChecked: Set<Group> = []
    private(set) var conflicts: [Conflict] = []
    /// The fragments that have been reached.
    private(set) var reached: Set<String> = []

    var isExhausted: Bool { budget < 0 }

    init(_ schema: Schema, _ fragments: [String: FragmentDefinition], budget: Int) {
        self.schema = schema
        self.fragments = fragments
        self.budget = budget
    }

    mutating func check(_ selections: [Selection], in parent: NamedType?) {
        var groups = Groups()
        var visited: Set<String> = []
        collect(selections, in: parent, to: &groups, &visited)
        checkShapes(groups)
        checkFields(groups)
    }

    private mutating func collect(
        _ selections: [Selection],
        in parent: NamedType?,
        to groups: inout Groups,
        _ visited: inout Set<String>
    ) {
        for selection in selections where !isExhausted {
            budget -= 1
            switch selection {
            case .field(let field):
                let definition = parent.flatMap { schema.field(field.name.text, of: $0) }
                let entry = Entry(field: field, parent: parent, definition: definition)
                let name = field.responseName
                if groups.entries[name]?.append(entry) == nil {
                    groups.order.append(name)
                    groups.entries[name] = [entry]
                }
            case .inline(let fragment):
                let type = fragment.condition.map { schema.type($0.text) } ?? parent
                collect(fragment.selections, in: type, to: &groups, &visited)
            case .spread(let spread):
                guard visited.insert(spread.name.text).inserted, let fragment = fragments[spread.name.text] else {
                    continue
                }
                reached.insert(spread.name.text)
                collect(fragment.selections, in: schema.type(fragment.condition.text), to: &groups, &visited)
            }
        }
    }

    /// What a group selects below itself, as one.
    private mutating func merged(_ entries: [Entry]) -> Groups {
        var groups = Groups()
        var visited: Set<String> = []
        for entry in entries {
            guard let selections = entry.field.selections else { continue }
            collect(selections, in: entry.definition.flatMap { schema.type(of: $0.type) }, to: &groups, &visited)
        }
        return groups
    }
}

// MARK: - The same shape (SameResponseShape)

extension FieldMerging {
    private mutating func checkShapes(_ groups: Groups) {
        for name in groups.order where !isExhausted {
            guard let entries = groups.entries[name], shapesChecked.insert(Group(entries)).inserted else { continue }
            if let conflict = shapeConflict(name, entries) {
                conflicts.append(conflict)
            } else {
                checkShapes(merged(entries))
            }
        }
    }

    private func shapeConflict(_ name: String, _ entries: [Entry]) -> Conflict? {
        guard let first = entries.first(where: { $0.definition != nil }), let type = first.definition?.type else {
            return nil
        }
        for entry in entries {
            guard let other = entry.definition?.type, !haveSameShape(type, other) else { continue }
            return Conflict(
                responseName: name,
                reason: "they return conflicting types '\(type)' and '\(other)'",
                offsets: [first.field.offset, entry.field.offset]
            )
        }
        return nil
    }

    private func haveSameShape(_ type: TypeReference, _ other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)), (.list(let type), .list(let other)):
            return haveSameShape(type, other)
        case (.named(let name), .named(let other)):
            if name == other { return true }
            guard let type = schema.type(name), let other = schema.type(other) else { return true }
            return type.kind.isComposite && other.kind.isComposite
        default: return false
        }
    }
}

// MARK: - The same field (FieldsInSetCanMerge)

extension FieldMerging {
    private mutating func checkFields(_ groups: Groups) {
        for name in groups.order where !isExhausted {
            for entries in groupedByObject(groups.entries[name] ?? [])
            where fieldsChecked.insert(Group(entries)).inserted {
                if let conflict = fieldConflict(name, entries) {
                    conflicts.append(conflict)
                } else {
                    checkFields(merged(entries))
                }
            }
        }
    }

    /// For each object type the fields for it and those for abstract types, which may be for it too.
    private func groupedByObject(_ entries: [Entry]) -> [[Entry]] {
        var isAlike = true
        for entry in entries where entry.parent?.name != entries[0].parent?.name { isAlike = false }
        if isAlike { return [entries] }
        var order: [String] = []
        for entry in entries {
            guard let parent = entry.parent, parent.kind == .object, !order.contains(parent.name) else { continue }
            order.append(parent.name)
        }
        if order.isEmpty { return [entries] }
        return order.map { name in
            entries.filter { $0.parent?.kind != .object || $0.parent?.name == name }
        }
    }

    private func fieldConflict(_ name: String, _ entries: [Entry]) -> Conflict? {
        guard let first = entries.first?.field else { return nil }
        let arguments = signature(first)
        for entry in entries.dropFirst() {
            let field = entry.field
            var reason: String?
            if field.name.text != first.name.text {
                reason = "'\(first.name.text)' and '\(field.name.text)' are different fields"
            } else if signature(field) != arguments {
                reason = "they have differing arguments"
            }
            guard let reason else { continue }
            return Conflict(responseName: name, reason: reason, offsets: [first.offset, field.offset])
        }
        return nil
    }

    /// The arguments without regard to their order.
    private func signature(_ field: Field) -> [String] {
        field.arguments.isEmpty ? [] : field.arguments.map { "\($0.name.text):\($0.value.kind.canonical)" }.sorted()
    }
}

extension Value.Kind {
    /// The literal with the fields of input objects in the order of their names.
    fileprivate var canonical: String {
        switch self {
        case .list(let values): "[" + values.map(\.kind.canonical).joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { "\($0.name.text):\($0.value.kind.canonical)" }.sorted().joined(separator: ",") + "}"
        default: printed
        }
    }
}

extension Validation {
    mutating func checkMerging() {
        var merging = FieldMerging(schema, fragments, budget: 50_000 + 50 * document.tokenCount)
        for operation in document.operations {
            merging.check(operation.selections, in: schema.root(operation.kind))
        }
        for fragment in document.fragments where !merging.reached.contains(fragment.name.text) {
            merging.check(fragment.selections, in: schema.type(fragment.condition.text))
        }
        for conflict in merging.conflicts {
            report(
                .overlappingFieldsCanBeMerged,
                "Fields '\(conflict.responseName)' conflict because \(conflict.reason)."
                    + " Use different aliases on the fields to fetch both if this was intentional.",
                at: conflict.offsets
            )
        }
        if merging.isExhausted {
            report(
                .overlappingFieldsCanBeMerged,
                "Too many fields would have to be merged. Validation aborted.",
                at: []
            )
        }
    }
}
