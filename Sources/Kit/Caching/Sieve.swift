/// A dictionary with a budget that gives up what was not asked for, by SIEVE.
///
/// Elements stand in a queue in the order in which they came. A read only marks its element. Who has to go is found by a
/// hand that moves from old to new and stays where it is in between: it takes the mark from an element that has one, and
/// gives up the first that has none (Zhang et al., "SIEVE is Simpler than LRU", NSDI 2024). A read moves nothing, and a
/// scan of things that are asked for once passes through without pushing out the rest.
struct Sieve<Key: Hashable, Element> {
    private struct Node {
        let key: Key
        /// nil in a place that is free; then `older` is the next free place.
        var element: Element?
        var weight: Int
        var isVisited = false
        var older: Int
        var newer = Sieve.none
    }

    private static var none: Int { -1 }

    /// The most weight that stays.
    let budget: Int
    /// The weight of what is there.
    private(set) var weight = 0
    /// How many elements there are.
    var count: Int { places.count }

    private var places: [Key: Int] = [:]
    private var nodes: [Node] = []
    private var firstFree = none
    private var oldest = none
    private var newest = none
    private var hand = none

    /// Makes an empty one.
    init(budget: Int) {
        self.budget = budget
    }

    /// Finds an element and marks it, or gives nil.
    mutating func find(_ key: Key) -> Element? {
        guard let place = places[key] else { return nil }
        // A line of memory that need not be written stays clean.
        if !nodes[place].isVisited { nodes[place].isVisited = true }
        return nodes[place].element
    }

    /// Looks at an element without marking it.
    func peek(_ key: Key) -> Element? { places[key].flatMap { nodes[$0].element } }

    /// Changes an element in its place, without marking it; nothing happens where there is none.
    mutating func update(_ key: Key, _ change: (inout Element) -> Void) {
        guard let place = places[key], var element = nodes[place].element else { return }
        change(&element)
        nodes[place].element = element
    }

    /// Puts an element in, in the place of one of the same key, and gives up others until the budget holds.
    ///
    /// What is heavier than the budget is not put in. An element that replaces another stays in its place, marked.
    ///
    /// - Returns: what was given up.
    mutating func insert(_ element: Element, for key: Key, weight elementWeight: Int) -> [Element] {
        guard elementWeight <= budget else {
            remove(key)
            return []
        }
        if let place = places[key] {
            weight += elementWeight - nodes[place].weight
            nodes[place].element = element
            nodes[place].weight = elementWeight
            nodes[place].isVisited = true
            return evict(sparing: place)
        }
        weight += elementWeight
        let evicted = evict(sparing: Self.none)
        append(Node(key: key, element: element, weight: elementWeight, older: newest))
        return evicted
    }

    /// Takes an element out.
    mutating func remove(_ key: Key) {
        guard let place = places[key] else { return }
        take(place)
    }

    private mutating func evict(sparing spared: Int) -> [Element] {
        var evicted: [Element] = []
        while weight > budget {
            var place = hand == Self.none ? oldest : hand
            while nodes[place].isVisited || place == spared {
                nodes[place].isVisited = false
                place = nodes[place].newer == Self.none ? oldest : nodes[place].newer
            }
            hand = nodes[place].newer
            if let element = nodes[place].element { evicted.append(element) }
            take(place)
        }
        return evicted
    }

    private mutating func append(_ node: Node) {
        let place: Int
        if firstFree == Self.none {
            place = nodes.count
            nodes.append(node)
        } else {
            place = firstFree
            firstFree = nodes[place].older
            nodes[place] = node
        }
        places[node.key] = place
        if newest != Self.none { nodes[newest].newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
    }

    private mutating func take(_ place: Int) {
        let node = nodes[place]
        if node.older == Self.none { oldest = node.newer } else { nodes[node.older].newer = node.newer }
        if node.newer == Self.none { newest = node.older } else { nodes[node.newer].older = node.older }
        if hand == place { hand = node.newer }
        weight -= node.weight
        places[node.key] = nil
        nodes[place].element = nil
        nodes[place].older = firstFree
        firstFree = place
    }
}
