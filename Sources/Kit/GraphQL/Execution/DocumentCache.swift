internal import Synchronization

/// Makes the SHA-256 of a document (FIPS 180-4), by which it is remembered.
public protocol DocumentHashing {
    /// The 32 bytes of the hash.
    ///
    /// Must not fail.
    func sha256(_ bytes: [UInt8]) -> [UInt8]
}

/// Documents that have been validated, the most recently used ones (LRU), by their SHA-256.
///
/// So the work of reading and validation is done once for each document, and a client may send the hash alone. Belongs to
/// one schema and one set of limits. All threads of a process may share it; each look takes a lock for a tenth of a
/// microsecond.
public final class DocumentCache: Sendable {
    private let capacity: Int
    private let bytes: Int
    private let state = Mutex(State())

    /// Makes an empty cache.
    ///
    /// It holds at most so many documents, with at most so many bytes of text in all; a document takes about twenty times
    /// the memory of its text.
    public init(capacity: Int = 1000, bytes: Int = 1 << 20) {
        self.capacity = capacity
        self.bytes = bytes
    }

    /// The number of documents that are remembered.
    public var count: Int { state.withLock { $0.entries.count } }

    /// How often a document was found, and how often not.
    public var looks: (hits: Int, misses: Int) { state.withLock { ($0.hits, $0.misses) } }

    func document(_ hash: [UInt8]) -> ValidatedDocument? {
        state.withLock { $0.document(hash) }
    }

    func insert(_ document: ValidatedDocument, _ hash: [UInt8]) {
        guard document.document.source.count <= bytes, capacity > 0 else { return }
        state.withLock { $0.insert(document, hash, capacity, bytes) }
    }
}

/// A list in the order of use, whose elements are found by their hash.
private struct State {
    struct Entry {
        let document: ValidatedDocument
        var older: [UInt8]?
        var newer: [UInt8]?
    }

    private(set) var entries: [[UInt8]: Entry] = [:]
    private var oldest: [UInt8]?
    private var newest: [UInt8]?
    private var usedBytes = 0
    private(set) var hits = 0
    private(set) var misses = 0

    mutating func document(_ hash: [UInt8]) -> ValidatedDocument? {
        guard let entry = entries[hash] else {
            misses += 1
            return nil
        }
        hits += 1
        if newest != hash {
            unlink(entry)
            link(hash, entry.document)
        }
        return entry.document
    }

    mutating func insert(_ document: ValidatedDocument, _ hash: [UInt8], _ capacity: Int, _ bytes: Int) {
        let size = document.document.source.count
        if let known = entries[hash] { remove(hash, known) }
        while entries.count >= capacity || usedBytes + size > bytes {
            guard let last = oldest, let entry = entries[last] else { break }
            remove(last, entry)
        }
        usedBytes += size
        link(hash, document)
    }

    private mutating func remove(_ hash: [UInt8], _ entry: Entry) {
        unlink(entry)
        entries[hash] = nil
        usedBytes -= entry.document.document.source.count
    }

    private mutating func unlink(_ entry: Entry) {
        if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
        if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
    }

    private mutating func link(_ hash: [UInt8], _ document: ValidatedDocument) {
        entries[hash] = Entry(document: document, older: newest, newer: nil)
        if let newest { entries[newest]?.newer = hash } else { oldest = hash }
        newest = hash
    }
}
