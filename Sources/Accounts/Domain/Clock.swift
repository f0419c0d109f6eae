/// Tells the time.
///
/// A use case reads it once and uses that instant throughout.
package protocol Clock {
    /// The present instant, by the clock of the machine; it may step back.
    func now() -> Timestamp
}
