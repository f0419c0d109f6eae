/// A type where it is used: a name, or a list or non-null form of another one (section 2.11).
public indirect enum TypeReference: Sendable, Hashable {
    /// The type of this name.
    case named(String)
    /// A list of it.
    case list(TypeReference)
    /// It, and never null.
    case nonNull(TypeReference)

    /// The name inside all brackets.
    ///
    /// Never empty where it was read.
    public var name: String {
        switch self {
        case .named(let name): name
        case .list(let inner), .nonNull(let inner): inner.name
        }
    }

    var isNonNull: Bool {
        if case .nonNull = self { true } else { false }
    }

    /// The same type with null.
    ///
    /// Without its outermost exclamation mark.
    public var nullable: TypeReference {
        if case .nonNull(let inner) = self { inner } else { self }
    }

    /// The type of the elements, where it is a list.
    var element: TypeReference? {
        if case .list(let element) = nullable { element } else { nil }
    }
}

extension TypeReference: CustomStringConvertible {
    /// As documents write it.
    ///
    /// `[String!]!`, for one.
    public var description: String {
        switch self {
        case .named(let name): name
        case .list(let inner): "[\(inner)]"
        case .nonNull(let inner): "\(inner)!"
        }
    }
}

extension TypeReference: ExpressibleByStringLiteral {
    /// Reads a type as documents write it, such as `[String!]!`.
    ///
    /// Meant for literals in the source: what is not a type is taken for a name, which the schema then does not know.
    public init(stringLiteral text: String) {
        if text.hasSuffix("!") {
            self = .nonNull(TypeReference(stringLiteral: String(text.dropLast())))
        } else if text.hasPrefix("["), text.hasSuffix("]") {
            self = .list(TypeReference(stringLiteral: String(text.dropFirst().dropLast())))
        } else {
            self = .named(text)
        }
    }
}
