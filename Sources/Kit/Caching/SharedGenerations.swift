public import SharedMemory

/// The generations that all processes of an instance share.
///
/// They stand in the first part of the segment, whose layout never changes: programs of different versions share them.
public struct SharedGenerations: Generations {
    private let words: SharedWords

    /// Takes the words of a segment; it stays mapped as long as this value lives.
    public init(_ segment: SharedSegment) {
        words = segment.generations
    }

    /// The present generation of a place.
    public func current(at place: Int) -> UInt64 { words.load(place) }

    /// Counts a place up.
    public func advance(at place: Int) { words.add(place, 1) }
}
