// Fragments (section 5.5).

extension Validation {
    /// The type of a fragment, where it is one that has fields.
    mutating func checkCondition(_ condition: Name, of what: String) -> NamedType? {
        guard let type = schema.type(condition.text) else {
            report(.knownTypeNames, "Unknown type '\(condition.text)'.", at: condition.offset)
            return nil
        }
        if type.kind.isComposite { return type }
        report(
            .fragmentsOnCompositeTypes,
            "\(what) cannot condition on non composite type '\(type.name)'.",
            at: condition.offset
        )
        return nil
    }

    /// An object must be able to be of both types.
    mutating func checkSpread(of type: NamedType?, in parent: NamedType?, at offset: Int) {
        guard let type, let parent, type.kind.isComposite, type.name != parent.name else { return }
        guard schema.possibleTypes(of: type).isDisjoint(with: schema.possibleTypes(of: parent)) else { return }
        report(
            .possibleFragmentSpreads,
            "Fragment cannot be spread here as objects of type '\(parent.name)' can never be of type '\(type.name)'.",
            at: offset
        )
    }

    mutating func checkFragmentUse() {
        var used: Set<String> = []
        var pending = operationUses.flatMap(\.spreads)
        while let spread = pending.popLast() {
            guard used.insert(spread.name.text).inserted else { continue }
            pending += fragmentUses[spread.name.text]?.spreads ?? []
        }
        for fragment in document.fragments where !used.contains(fragment.name.text) {
            report(.noUnusedFragments, "Fragment '\(fragment.name.text)' is never used.", at: fragment.offset)
        }
    }

    /// False where a fragment holds itself.
    ///
    /// Walks with a stack of its own, as fragments may be many.
    mutating func checkCycles() -> Bool {
        struct Frame {
            let name: String
            let spreads: [FragmentSpread]
            var next = 0
        }
        var isAcyclic = true
        var visited: Set<String> = []
        for fragment in document.fragments where visited.insert(fragment.name.text).inserted {
            var frames: [Frame] = []
            var path: [FragmentSpread] = []
            // Where in the path a fragment has been entered.
            var entries: [String: Int] = [:]
            func enter(_ name: String) {
                frames.append(Frame(name: name, spreads: fragmentUses[name]?.spreads ?? []))
                entries[name] = path.count
            }
            enter(fragment.name.text)
            while let frame = frames.last {
                guard frame.next < frame.spreads.count else {
                    frames.removeLast()
                    entries[frame.name] = nil
                    if !frames.isEmpty { path.removeLast() }
                    continue
                }
                frames[frames.count - 1].next += 1
                let spread = frame.spreads[frame.next]
                let name = spread.name.text
                if let entry = entries[name] {
                    isAcyclic = false
                    report(cycle: Array(path[entry...]) + [spread])
                } else if fragments[name] != nil, visited.insert(name).inserted {
                    path.append(spread)
                    enter(name)
                }
            }
        }
        return isAcyclic
    }

    private mutating func report(cycle: [FragmentSpread]) {
        let name = cycle.last?.name.text ?? ""
        let via = cycle.dropLast().prefix(16).map { "'\($0.name.text)'" }.joined(separator: ", ")
        report(
            .noFragmentCycles,
            "Cannot spread fragment '\(name)' within itself" + (via.isEmpty ? "." : " via \(via)."),
            at: cycle.map(\.offset)
        )
    }

    /// False where selections, with the fragments that they spread, are nested deeper than the stack allows for.
    mutating func checkNesting() -> Bool {
        let limit = 512
        let nesting = Nesting(fragments: document.fragments)
        for operation in document.operations {
            let depth = nesting.depth(of: operation.selections)
            guard depth <= limit else {
                report(
                    .boundedNesting,
                    "Selections and fragments are nested deeper than \(limit) levels.",
                    at: operation.offset
                )
                return false
            }
        }
        return nesting.deepest <= limit
    }
}
