/// Finds the name that somebody may have meant.
enum NearestName {
    /// The candidate that fewest edits turn `name` into, nil if none is near.
    ///
    /// An edit inserts, removes or replaces a byte, or exchanges two neighbours. Near is up to a third of the length,
    /// and up to four.
    static func find(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 128 else { return nil }
        let limit = min(max(1, name.utf8.count / 3), 4)
        var best: (name: String, distance: Int)?
        for candidate in candidates where abs(candidate.utf8.count - name.utf8.count) <= limit {
            let distance = distance(Array(name.utf8), Array(candidate.utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
