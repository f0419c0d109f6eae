/// A setting that was written on the command line.
///
/// Of several for one key the last counts, as command lines commonly do.
public struct ConfigurationFlag: Sendable, Equatable {
    /// The dotted name of the key.
    ///
    /// Checked when the configuration is read.
    public let name: String

    /// The value as it was written.
    ///
    /// A list stands with commas.
    public let value: String

    /// The flag as people know it, such as `--set pool.threads`.
    ///
    /// It is shown where the value comes from, so it must not hold the value of a secret.
    public let spelling: String

    /// Makes a flag.
    ///
    /// Nothing is checked yet.
    public init(name: String, value: String, spelling: String) {
        self.name = name
        self.value = value
        self.spelling = spelling
    }

    /// Takes apart `pool.threads=8`, which stood behind the flag of that spelling.
    ///
    /// Nil if there is no equals sign with a name before it.
    public init?(assignment: String, flag: String) {
        guard let sign = assignment.firstIndex(of: "="), sign > assignment.startIndex else { return nil }
        name = String(assignment[..<sign])
        value = String(assignment[assignment.index(after: sign)...])
        spelling = flag + " " + name
    }
}
