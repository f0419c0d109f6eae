/// The kinds of types (section 4.2.2, `__TypeKind`).
public enum TypeKind: String, Sendable, Hashable {
    /// A single value.
    case scalar = "SCALAR"
    /// Fields.
    case object = "OBJECT"
    /// Fields that several object types share.
    case interface = "INTERFACE"
    /// One of several object types.
    case union = "UNION"
    /// One of several names.
    case enumeration = "ENUM"
    /// Fields that a client sends.
    case inputObject = "INPUT_OBJECT"
    /// A list of another type; only where types are described.
    case list = "LIST"
    /// Another type without null; only where types are described.
    case nonNull = "NON_NULL"

    var isComposite: Bool { self == .object || self == .interface || self == .union }
    var isAbstract: Bool { self == .interface || self == .union }
    var isLeaf: Bool { self == .scalar || self == .enumeration }
    var isInput: Bool { isLeaf || self == .inputObject }
    var isOutput: Bool { self != .inputObject }
}

/// A type that has a name, in the shape in which introspection shows it (section 4.2.2, `__Type`).
///
/// What a kind does not have is empty.
public final class NamedType: Sendable {
    /// What it is.
    public let kind: TypeKind
    /// Its name.
    public let name: String
    /// What it means, in Markdown.
    public let description: String?
    /// Where the text form of a scalar is specified.
    public let specifiedBy: String?
    /// Whether exactly one field of an input object has to be given (section 3.10.1).
    public let isOneOf: Bool
    /// The fields of an object type or interface.
    public let fields: [FieldDefinition]
    /// The interfaces that an object type or interface implements.
    public let interfaces: [String]
    /// The types of which a union is made.
    public let members: [String]
    /// The values of an enumeration.
    public let values: [EnumValueDefinition]
    /// The fields of an input object.
    public let inputs: [InputValueDefinition]

    /// How a scalar reads what clients send.
    let coercion: ScalarCoercion?
    private let fieldIndex: [String: FieldDefinition]
    private let inputIndex: [String: InputValueDefinition]
    private let valueNames: Set<String>

    init(
        _ kind: TypeKind,
        _ name: String,
        description: String? = nil,
        specifiedBy: String? = nil,
        isOneOf: Bool = false,
        fields: [FieldDefinition] = [],
        interfaces: [String] = [],
        members: [String] = [],
        values: [EnumValueDefinition] = [],
        inputs: [InputValueDefinition] = [],
        coercion: ScalarCoercion? = nil
    ) {
        self.kind = kind
        self.name = name
        self.description = description
        self.specifiedBy = specifiedBy
        self.isOneOf = isOneOf
        self.fields = fields
        self.interfaces = interfaces
        self.members = members
        self.values = values
        self.inputs = inputs
        self.coercion = coercion
        fieldIndex = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
        inputIndex = Dictionary(inputs.map { ($0.name, $0) }) { first, _ in first }
        valueNames = Set(values.map(\.name))
    }

    /// The field of that name.
    ///
    /// nil where there is none.
    public func field(_ name: String) -> FieldDefinition? { fieldIndex[name] }

    func input(_ name: String) -> InputValueDefinition? { inputIndex[name] }
    func hasValue(_ name: String) -> Bool { valueNames.contains(name) }
}

/// A field of an object type or interface (section 3.6).
public final class FieldDefinition: Sendable {
    /// Its name.
    public let name: String
    /// What it means, in Markdown.
    public let description: String?
    /// What it takes.
    public let arguments: [InputValueDefinition]
    /// What it gives.
    public let type: TypeReference
    /// Why it should no longer be used.
    public let deprecation: String?
    /// What it takes to resolve it.
    public let cost: FieldCost

    /// Makes a field.
    ///
    /// The schema checks it.
    public init(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        arguments: [InputValueDefinition] = [],
        deprecation: String? = nil,
        cost: FieldCost = .init()
    ) {
        self.name = name
        self.type = type
        self.description = description
        self.arguments = arguments
        self.deprecation = deprecation
        self.cost = cost
    }
}

/// An argument, or a field of an input object (sections 3.6.1 and 3.10).
public final class InputValueDefinition: Sendable {
    /// Its name.
    public let name: String
    /// What it means, in Markdown.
    public let description: String?
    /// What it takes.
    public let type: TypeReference
    /// What it is where nothing is given.
    let defaultValue: Value?
    /// Why it should no longer be used.
    public let deprecation: String?

    init(
        _ name: String,
        _ type: TypeReference,
        description: String?,
        defaultValue: Value?,
        deprecation: String?
    ) {
        self.name = name
        self.type = type
        self.description = description
        self.defaultValue = defaultValue
        self.deprecation = deprecation
    }

    /// Makes an argument or a field of an input object.
    ///
    /// The default is a literal as documents write it, such as `10` or `{ status: ACTIVE }`; one that cannot be read is
    /// none, which the schema refuses by the type.
    public convenience init(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        default literal: String? = nil,
        deprecation: String? = nil
    ) {
        let value = literal.map { text in (try? Parser.constant(text)) ?? Value(kind: .variable(text), offset: 0) }
        self.init(name, type, description: description, defaultValue: value, deprecation: deprecation)
    }

    /// Whether it must be given: it is never null and has no default (section 5.4.3).
    var isRequired: Bool { type.isNonNull && defaultValue == nil }
}

/// A value of an enumeration (section 3.9).
public struct EnumValueDefinition: Sendable {
    /// Its name.
    public let name: String
    /// What it means, in Markdown.
    public let description: String?
    /// Why it should no longer be used.
    public let deprecation: String?

    /// Makes a value.
    ///
    /// By custom in capitals.
    public init(_ name: String, description: String? = nil, deprecation: String? = nil) {
        self.name = name
        self.description = description
        self.deprecation = deprecation
    }
}

/// What a field costs, for the budget of a request.
///
/// The cost of an operation is the sum over its fields: their own cost, and that of what is selected below them times
/// the number of elements that they can give.
public struct FieldCost: Sendable, Equatable {
    /// What the field itself costs for one object.
    public var own: Int
    /// The arguments that say how many elements it gives, such as `first`; the greatest counts.
    public var sizedBy: [String]
    /// How many elements it gives where no argument says.
    public var assumedSize: Int

    /// Makes a cost.
    ///
    /// Without arguments: nothing of its own, and one element.
    public init(own: Int = 0, sizedBy: [String] = [], assumedSize: Int = 1) {
        self.own = own
        self.sizedBy = sizedBy
        self.assumedSize = assumedSize
    }
}
