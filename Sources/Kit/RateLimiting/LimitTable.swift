/// The slots of all keys: sets of eight, each under one lock with its neighbours.
///
/// A key may stand in any slot of its set, which its keyed hash names. Where the set is full of others, the key takes the
/// slot that counts nothing any more, else the one that has used the smallest part of its limit, and never one that
/// refuses somebody: whoever is blocked stays so, however many others come. With more keys at once than slots, the least
/// busy are forgotten, and may then use their limit anew.
struct LimitTable<Memory: LimitMemory> {
    static var ways: Int { 8 }

    let memory: Memory
    /// Nanoseconds since the machine's start, which never go back; where they do, time stands still.
    let clock: () -> Int64

    /// Decides about a request and counts it where it passes.
    func charge(_ key: LimitKey, cost: Int, under policy: LimitPolicy) -> LimitDecision {
        guard cost <= policy.capacity else {
            return LimitDecision(policy, .impossible, remaining: policy.capacity, resetAfter: 0)
        }
        let hash = key.hash(under: policy, seed: memory.seed)
        let set = set(of: hash)
        var verdict: LimitSlot.Verdict?
        let isLocked = memory.withSet(set) {
            // Read under the lock: who waited for it must not bring the past along.
            let now = UInt64(max(0, clock()))
            let second = UInt32(clamping: now / 1_000_000_000)
            var slot = LimitSlot()
            let place: Int
            let isNew: Bool
            if let found = find(hash, in: set) {
                place = found
                slot = memory.slot(at: place)
                isNew = false
                if slot.head.expiry <= second { slot = LimitSlot() }
            } else {
                guard let free = freePlace(in: set, second) else { return }
                place = free
                isNew = true
            }
            slot.head.policy = policy.number
            let decided = slot.charge(max(1, cost), under: policy, at: now, phase: hash)
            verdict = decided
            guard decided.outcome == .admitted else { return }
            if isNew {
                begin(place, slot, hash, key.label)
            } else {
                memory.store(slot, under: hash, at: place)
            }
        }
        guard let verdict else {
            memory.count(isLocked ? .crowded : .lockTimeout)
            return .uncounted(policy)
        }
        return LimitDecision(policy, verdict.outcome, remaining: verdict.remaining, resetAfter: verdict.resetAfter)
    }

    /// What an entry of a key is known by.
    func hash(of key: LimitKey, under policy: LimitPolicy) -> UInt64 { key.hash(under: policy, seed: memory.seed) }

    /// Forgets what was counted for a key; false where nothing was, or the lock did not come free.
    func clear(_ key: LimitKey, under policy: LimitPolicy) -> Bool {
        let hash = key.hash(under: policy, seed: memory.seed)
        let set = set(of: hash)
        var isCleared = false
        _ = memory.withSet(set) {
            guard let place = find(hash, in: set) else { return }
            memory.store(place, 0)
            isCleared = true
        }
        return isCleared
    }

    /// Forgets everything that `isMeant` says, and gives the number of entries.
    func clear(where isMeant: (LimitEntry) -> Bool) -> Int {
        var count = 0
        visit { entry, place in
            guard isMeant(entry) else { return }
            memory.store(place, 0)
            count += 1
        }
        return count
    }

    /// Shows each entry that counts.
    func forEach(_ body: (LimitEntry) -> Void) { visit { entry, _ in body(entry) } }

    private func visit(_ body: (LimitEntry, Int) -> Void) {
        for set in 0..<memory.setCount {
            _ = memory.withSet(set) {
                let now = UInt64(max(0, clock()))
                for way in 0..<Self.ways {
                    let place = place(set, way)
                    let head = LimitSlot.Head(word: memory.load(place + 1))
                    guard memory.load(place) != 0, UInt64(head.expiry) * 1_000_000_000 > now else { continue }
                    let label = place / LimitSlot.words * 2
                    let entry = LimitEntry(
                        policy: head.policy,
                        hash: memory.load(place),
                        label: .init(high: memory.loadLabel(label), low: memory.loadLabel(label + 1)),
                        share: Int(head.load) * 100 / 255,
                        secondsLeft: Int(UInt64(head.expiry) - now / 1_000_000_000)
                    )
                    body(entry, place)
                }
            }
        }
    }

    // MARK: - Places

    private func set(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (memory.setCount - 1) }

    /// The first word of a slot.
    private func place(_ set: Int, _ way: Int) -> Int { (set * Self.ways + way) * LimitSlot.words }

    private func find(_ hash: UInt64, in set: Int) -> Int? {
        // Each key begins at a slot of its own, where it most likely stands.
        let start = Int(truncatingIfNeeded: hash >> 61)
        for step in 0..<Self.ways {
            let place = place(set, (start + step) & (Self.ways - 1))
            if memory.load(place) == hash { return place }
        }
        return nil
    }

    private func freePlace(in set: Int, _ second: UInt32) -> Int? {
        var best: (place: Int, load: UInt8)?
        for way in 0..<Self.ways {
            let place = place(set, way)
            if memory.load(place) == 0 { return place }
            let head = LimitSlot.Head(word: memory.load(place + 1))
            if head.expiry <= second { return place }
            if head.load < best?.load ?? .max { best = (place, head.load) }
        }
        if best != nil { memory.count(.displaced) }
        return best?.place
    }

    // MARK: - Slots

    /// Gives a slot to another key.
    ///
    /// Free until it is whole, so that nobody who is killed here leaves two keys' halves.
    private func begin(_ place: Int, _ slot: LimitSlot, _ hash: UInt64, _ label: LimitKey.Label) {
        memory.store(place, 0)
        memory.storeLabel(place / LimitSlot.words * 2, label.high)
        memory.storeLabel(place / LimitSlot.words * 2 + 1, label.low)
        memory.store(slot, under: hash, at: place)
    }
}
