public import JSON

/// How a scalar reads what clients send (section 3.5).
///
/// Both give the value in the form in which resolvers get it, or nil where it is none of this scalar; the caller says so
/// to the client with the type and the place.
public struct ScalarCoercion: Sendable {
    /// Reads a value of a variable.
    ///
    /// Never called for null.
    public let parse: @Sendable (JSONValue) -> JSONValue?

    /// Reads a literal of a document, which is never null and holds no variable.
    let parseLiteral: @Sendable (Value.Kind) -> JSONValue?

    /// Makes a scalar of one's own that reads variables and literals alike.
    ///
    /// Names of enumerations are refused as literals.
    public init(parse: @escaping @Sendable (JSONValue) -> JSONValue?) {
        self.parse = parse
        parseLiteral = { literal in
            if case .enumeration = literal { return nil }
            return literal.untyped.flatMap(parse)
        }
    }

    init(
        parse: @escaping @Sendable (JSONValue) -> JSONValue?,
        parseLiteral: @escaping @Sendable (Value.Kind) -> JSONValue?
    ) {
        self.parse = parse
        self.parseLiteral = parseLiteral
    }

    /// Takes everything as it comes.
    ///
    /// For scalars of which the schema knows nothing more.
    public static let any = ScalarCoercion(parse: { $0 }, parseLiteral: { $0.untyped })
}

extension ScalarCoercion {
    /// A number without fraction that fits in 32 bits (section 3.5.1).
    static let int = ScalarCoercion(
        parse: { value in
            switch value {
            case .integer(let number): Int32(exactly: number).map { .integer(Int64($0)) }
            // A client may write 1.0 or 1e3.
            case .number(let number): number.integer.flatMap { Int32(exactly: $0) }.map { .integer(Int64($0)) }
            default: nil
            }
        },
        parseLiteral: { literal in
            if case .int(let text) = literal { Int32(text).map { .integer(Int64($0)) } } else { nil }
        }
    )

    /// A double (section 3.5.2).
    static let float = ScalarCoercion(
        parse: { value in
            switch value {
            case .integer(let number): .number(Double(number))
            case .unsigned(let number): .number(Double(number))
            case .number(let number) where number.isFinite: value
            default: nil
            }
        },
        parseLiteral: { literal in
            switch literal {
            case .int(let text), .float(let text): Double(text).flatMap { $0.isFinite ? .number($0) : nil }
            default: nil
            }
        }
    )

    /// A text (section 3.5.3).
    static let string = ScalarCoercion(
        parse: { value in if case .string = value { value } else { nil } },
        parseLiteral: { literal in if case .string(let text) = literal { .string(text) } else { nil } }
    )

    /// True or false (section 3.5.4).
    static let boolean = ScalarCoercion(
        parse: { value in if case .bool = value { value } else { nil } },
        parseLiteral: { literal in if case .bool(let value) = literal { .bool(value) } else { nil } }
    )

    /// What names an object: a text, or a number that is taken as one (section 3.5.5).
    static let id = ScalarCoercion(
        parse: { value in
            switch value {
            case .string: value
            case .integer(let number): .string(String(number))
            case .unsigned(let number): .string(String(number))
            case .number(let number): number.integer.map { .string(String($0)) }
            default: nil
            }
        },
        parseLiteral: { literal in
            switch literal {
            case .string(let text), .int(let text): .string(text)
            default: nil
            }
        }
    )
}

extension Double {
    /// The number where it has no fraction and fits.
    ///
    /// By conversion and back: `Int64(exactly:)` needs the C library of mathematics, which nothing else here does.
    fileprivate var integer: Int64? {
        guard magnitude < 0x1p63 else { return nil }
        let integer = Int64(self)
        return Double(integer) == self ? integer : nil
    }
}

extension NamedType {
    static let builtInScalars: [NamedType] = [
        NamedType(.scalar, "String", description: "A text, as UTF-8.", coercion: .string),
        NamedType(.scalar, "Int", description: "A number without fraction of 32 bits.", coercion: .int),
        NamedType(.scalar, "Float", description: "A number as IEEE 754 has it in 64 bits.", coercion: .float),
        NamedType(.scalar, "Boolean", description: "`true` or `false`.", coercion: .boolean),
        NamedType(
            .scalar,
            "ID",
            description: "What names an object: a text that clients hand back as they got it.",
            coercion: .id
        ),
    ]
}

extension Value.Kind {
    /// The value as JSON, without knowledge of a type; nil where it holds a variable.
    var untyped: JSONValue? {
        switch self {
        case .variable: return nil
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let text):
            if let number = Int64(text) { return .integer(number) }
            return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .float(let text): return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .string(let text), .enumeration(let text): return .string(text)
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements {
                guard let value = element.kind.untyped else { return nil }
                values.append(value)
            }
            return .array(values)
        case .object(let fields):
            var members: [JSONObject.Member] = []
            for field in fields {
                guard let value = field.value.kind.untyped else { return nil }
                members.append(.init(name: field.name.text, value: value))
            }
            return .object(JSONObject(members))
        }
    }
}
