/// How deep selections are nested when every spread is replaced by what it names.
///
/// Made for documents without cycles; those in a cycle would count for nothing. Fragments are taken in an order in which
/// each comes after those that it spreads, so that no recursion follows a spread.
struct Nesting {
    private var depths: [String: Int] = [:]
    private(set) var deepest = 0

    init(fragments: [FragmentDefinition]) {
        var spreads: [String: [String]] = [:]
        var users: [String: [String]] = [:]
        var missing: [String: Int] = [:]
        var byName: [String: FragmentDefinition] = [:]
        for fragment in fragments where byName[fragment.name.text] == nil { byName[fragment.name.text] = fragment }
        for (name, fragment) in byName {
            let names = Set(Self.spreads(in: fragment.selections)).filter { byName[$0] != nil }
            spreads[name] = Array(names)
            missing[name] = names.count
            for used in names { users[used, default: []].append(name) }
        }
        var ready = missing.filter { $0.value == 0 }.map(\.key)
        while let name = ready.popLast() {
            guard let fragment = byName[name] else { continue }
            let depth = depth(of: fragment.selections)
            depths[name] = depth
            deepest = max(deepest, depth)
            for user in users[name] ?? [] {
                let rest = (missing[user] ?? 0) - 1
                missing[user] = rest
                if rest == 0 { ready.append(user) }
            }
        }
    }

    /// Levels of braces and spreads.
    func depth(of selections: [Selection]) -> Int {
        var deepest = 0
        for selection in selections {
            switch selection {
            case .field(let field): deepest = max(deepest, field.selections.map { depth(of: $0) } ?? 0)
            case .inline(let fragment): deepest = max(deepest, depth(of: fragment.selections))
            case .spread(let spread): deepest = max(deepest, depths[spread.name.text] ?? 0)
            }
        }
        return deepest + 1
    }

    private static func spreads(in selections: [Selection]) -> [String] {
        selections.flatMap { selection in
            switch selection {
            case .field(let field): spreads(in: field.selections ?? [])
            case .inline(let fragment): spreads(in: fragment.selections)
            case .spread(let spread): [spread.name.text]
            }
        }
    }
}
