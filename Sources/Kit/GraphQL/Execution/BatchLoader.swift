/// What one request has read from a store, so that the same is not read again at another place of the document.
///
/// A resolver gets all objects of its place at once; this makes those of several places ask once too, after DataLoader.
/// Lives as long as the request, for one thread.
public final class BatchLoader<Key: Hashable, Value> {
    private var known: [Key: Value?] = [:]

    /// Knows nothing yet.
    public init() {}

    /// The values of keys, in their order; nil where there is none.
    ///
    /// `load` is called at most once, with the keys that are not known yet, each once.
    public func values(_ keys: [Key], load: ([Key]) throws -> [Key: Value]) rethrows -> [Value?] {
        var missing: [Key] = []
        var asked: Set<Key> = []
        for key in keys where known[key] == nil && asked.insert(key).inserted { missing.append(key) }
        if !missing.isEmpty {
            let loaded = try load(missing)
            for key in missing { known[key] = .some(loaded[key]) }
        }
        return keys.map { known[$0] ?? nil }
    }

    /// Forgets everything, since something was changed.
    public func removeAll() { known = [:] }
}
