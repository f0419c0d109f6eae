/// The generations of a cached value's tags, as they were before it was loaded.
@usableFromInline struct Stamps: Sendable {
    private struct Stamp {
        let place: Int
        let generation: UInt64
    }

    private let everything: UInt64
    private let stamps: [Stamp]

    /// Reads the generations now; the value is loaded afterwards.
    @usableFromInline init(_ tags: [CacheTag], in generations: any Generations) {
        self.init(everything: generations.current(at: GenerationPlace.everything), tags, in: generations)
    }

    fileprivate init(everything: UInt64, _ tags: [CacheTag], in generations: any Generations) {
        self.everything = everything
        stamps = tags.map { Stamp(place: $0.place, generation: generations.current(at: $0.place)) }
    }

    /// Whether nothing that the value depends on has changed since.
    func areCurrent(in generations: any Generations) -> Bool {
        guard generations.current(at: GenerationPlace.everything) == everything else { return false }
        // By index: an iterator retains the array, which every hit would pay for.
        for index in stamps.indices where generations.current(at: stamps[index].place) != stamps[index].generation {
            return false
        }
        return true
    }
}

/// Stamps for a value whose tags are known only from the value itself, such as the session that a token leads to.
///
/// Their generations are read after the load, which alone would be wrong: a change during the load would be taken for
/// one before it. So every change also advances one place for all, before those of its tags. If that has not moved from
/// before the load until after the generations were read, neither has any of them, and they are those from before. If it
/// has moved, there are no stamps, and the value is not kept.
@usableFromInline struct LoadWatch {
    private let everything: UInt64
    private let anything: UInt64

    /// Begins to watch; the value is loaded afterwards.
    @usableFromInline init(_ generations: any Generations) {
        anything = generations.current(at: GenerationPlace.anything)
        everything = generations.current(at: GenerationPlace.everything)
    }

    /// The stamps, or nil where something has changed since the watch began.
    @usableFromInline func stamps(_ tags: [CacheTag], in generations: any Generations) -> Stamps? {
        let stamps = Stamps(everything: everything, tags, in: generations)
        return generations.current(at: GenerationPlace.anything) == anything ? stamps : nil
    }
}
