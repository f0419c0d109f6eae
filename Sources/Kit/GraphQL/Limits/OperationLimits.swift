/// What an operation may ask for; all of it is known before anything is resolved.
public struct OperationLimits: Sendable, Equatable {
    /// What the document may cost to read.
    public var syntax: SyntaxLimits
    /// How many levels of fields there may be, those of fragments included.
    public var depth: Int
    /// How many aliases there may be on the fields of the root.
    public var rootAliases: Int
    /// How many aliases there may be in all, those of a fragment each time that it is spread.
    public var aliases: Int
    /// How many directives may stand at one place.
    public var directives: Int
    /// How many fragments a document may define.
    public var fragments: Int
    /// How many objects the answer may have, by the sizes of lists that are asked for.
    public var nodes: Int
    /// What all fields may cost together; see ``FieldCost``.
    public var cost: Int
    /// How many errors an answer tells.
    public var errors: Int

    /// Makes limits.
    ///
    /// Without arguments those for requests of strangers.
    public init(
        syntax: SyntaxLimits = .init(),
        depth: Int = 15,
        rootAliases: Int = 30,
        aliases: Int = 200,
        directives: Int = 10,
        fragments: Int = 100,
        nodes: Int = 50_000,
        cost: Int = 100_000,
        errors: Int = 50
    ) {
        self.syntax = syntax
        self.depth = depth
        self.rootAliases = rootAliases
        self.aliases = aliases
        self.directives = directives
        self.fragments = fragments
        self.nodes = nodes
        self.cost = cost
        self.errors = errors
    }

    /// No limits but those that keep memory and stack bounded.
    ///
    /// For tools and tests.
    public static let trusted = OperationLimits(
        syntax: .trusted,
        depth: .max,
        rootAliases: .max,
        aliases: .max,
        directives: .max,
        fragments: .max,
        nodes: .max,
        cost: .max
    )
}
