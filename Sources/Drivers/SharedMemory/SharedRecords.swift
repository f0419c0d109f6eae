/// Records of several words, each written by one thread and read by anybody: what a thread does at this moment.
///
/// Writing never waits, reading never disturbs the writer, and a reader never gets words of two writings: a sequence lock
/// (Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012).
///
/// ## Record
///
///      0  a mutex record, 64 bytes; who holds it is the writer. The kernel takes it back when the thread dies.
///     64  sequence: odd while words are being written
///     72  the words
///
/// A writer makes the sequence odd, then a release fence, the words, and the next even number with release. A reader
/// acquires the sequence, reads the words, then an acquire fence and the sequence again: both the same and even, and the
/// words are of one writing. A writer that was killed on the way leaves it odd; such a record has nothing to read until
/// the next writer has written it.
public struct SharedRecords: Sendable {
    // A reader that meets a writer this often has met one that is stopped or dead.
    private static let attempts = 1000

    let memory: MappedMemory
    let offset: Int
    let stride: Int
    let words: Int
    /// What errors call them.
    public let name: String
    /// How many there are.
    public let count: Int

    /// Takes a free record for this thread, which keeps it until the writer ends, or the thread.
    ///
    /// Does not block. The words are what the last writer left.
    ///
    /// - Throws: ``SharedMemoryError/full(what:wanted:available:)`` where all are taken.
    public func claim() throws(SharedMemoryError) -> RecordWriter {
        for index in 0..<count where try mutex(index).tryLock() {
            return RecordWriter(index: index, mutex: mutex(index), words: words)
        }
        throw .full(what: "a record of \(name)", wanted: 1, available: 0)
    }

    /// Takes one record for this thread as ``claim()`` does; nil where it is taken.
    public func claim(at index: Int) throws(SharedMemoryError) -> RecordWriter? {
        let mutex = mutex(index)
        guard try mutex.tryLock() else { return nil }
        return RecordWriter(index: index, mutex: mutex, words: words)
    }

    /// The process whose thread writes a record; nil where it is free.
    ///
    /// A record whose writer has died is free from this call on. Does not block.
    public func writer(of index: Int) throws(SharedMemoryError) -> Int32? {
        let mutex = mutex(index)
        let holder = mutex.holder
        guard try mutex.tryLock() else { return holder }
        mutex.unlock(isRepaired: true)
        return nil
    }

    /// The words of a record; nil where they are being written and the writer does not go on.
    public func read(_ index: Int) -> [UInt64]? {
        let base = offset(of: index) + SharedMutex.recordSize
        for _ in 0..<Self.attempts {
            let sequence = memory.load(base)
            if sequence % 2 == 1 { continue }
            let values = (1...words).map { memory.loadRelaxed(base + $0 * 8) }
            memory.acquireFence()
            if memory.loadRelaxed(base) == sequence { return values }
        }
        return nil
    }

    private func offset(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "beyond the records")
        return offset + index * stride
    }

    private func mutex(_ index: Int) -> SharedMutex {
        SharedMutex(memory: memory, offset: offset(of: index), name: name)
    }
}

/// A thread's right to write one record; it ends with its owner.
///
/// Not Sendable: the record belongs to the thread that claimed it.
public struct RecordWriter: ~Copyable {
    /// The number of the record.
    public let index: Int
    private let mutex: SharedMutex
    private let words: Int

    init(index: Int, mutex: SharedMutex, words: Int) {
        self.index = index
        self.mutex = mutex
        self.words = words
    }

    deinit {
        mutex.unlock(isRepaired: true)
    }

    /// Changes some or all words in one step, as readers see it; does not block.
    ///
    /// What `body` does between is what readers wait for: no calls that take time.
    @inline(never)
    public func write(_ body: (borrowing Fields) -> Void) {
        // Not to be inlined in this module: the optimiser of Swift 6.3.1 ends with "Cannot initialize a nonCopyable type
        // with a guaranteed value" where the writer was unwrapped from an optional.
        let memory = mutex.memory
        let base = mutex.offset + SharedMutex.recordSize
        let odd = memory.loadRelaxed(base) &+ 1 | 1
        memory.storeRelaxed(base, odd)
        memory.releaseFence()
        body(Fields(memory: memory, base: base + 8, count: words))
        memory.store(base, odd &+ 1)
    }

    /// Changes one word that stands for itself, in one store.
    ///
    /// Readers see it before or after, beside the other words as they were: whole writings are not disturbed.
    public func write(_ value: UInt64, at index: Int) {
        precondition(index >= 0 && index < words, "beyond the record")
        mutex.memory.storeRelaxed(mutex.offset + SharedMutex.recordSize + 8 + index * 8, value)
    }

    /// The words of a record while they are being written.
    public struct Fields: ~Copyable {
        let memory: MappedMemory
        let base: Int
        let count: Int

        /// One word; the index has to be less than the record's number of words.
        public subscript(index: Int) -> UInt64 {
            get { memory.loadRelaxed(offset(index)) }
            nonmutating set { memory.storeRelaxed(offset(index), newValue) }
        }

        private func offset(_ index: Int) -> Int {
            precondition(index >= 0 && index < count, "beyond the record")
            return base + index * 8
        }
    }
}
