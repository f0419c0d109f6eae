/// Gives random bits that nobody can foretell.
package protocol RandomSource {
    /// The next 64 bits, fit for keys and tokens.
    func next() -> UInt64
}
