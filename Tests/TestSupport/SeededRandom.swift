import Domain
import RandomTestSupport

/// Random bits that are the same in every run.
package final class SeededRandom: RandomSource {
    private var generator: SeededGenerator

    /// Starts the sequence that belongs to `seed`.
    package init(seed: UInt64 = 1) {
        generator = SeededGenerator(seed: seed)
    }

    package func next() -> UInt64 {
        generator.next()
    }
}
