public import JSON

/// A value that the product's type refuses, with a sentence for the client: `must be a valid email`.
public struct MemberRefusal: Error, Sendable {
    /// What is wrong, with paths that begin below the value; an empty path is the value itself.
    private let parts: [HTTPError.Detail]

    /// Refuses the value itself.
    public init(_ message: String) {
        parts = [HTTPError.Detail(field: "", message: message)]
    }

    /// Refuses parts of the value, such as `3.name`.
    public init(parts: [HTTPError.Detail]) {
        self.parts = parts
    }

    /// What is wrong, as seen from the object that has the value as a member.
    func details(below name: String) -> [HTTPError.Detail] {
        parts.map { HTTPError.Detail(field: $0.field.isEmpty ? name : "\(name).\($0.field)", message: $0.message) }
    }
}

/// A named value of a body or a query: its name, its schema, and the type of the product that it becomes.
///
/// "Parse, don't check": what a handler gets has been made by `convert`, so that it exists only if it is valid.
public struct Member<Value: Sendable>: Sendable {
    /// The name in the body or the query.
    public let name: String
    /// What the value must be.
    public let schema: ValueSchema
    /// One sentence for who reads the documentation; empty where the name says enough.
    public private(set) var about = ""
    /// A valid value, for the documentation.
    public private(set) var example: JSONValue?
    private let convert: @Sendable (JSONValue) throws(MemberRefusal) -> Value

    /// Declares a member whose values become `Value` by `convert`.
    ///
    /// `convert` gets only values that satisfy the schema.
    public init(
        _ name: String,
        _ schema: ValueSchema,
        convert: @escaping @Sendable (JSONValue) throws(MemberRefusal) -> Value
    ) {
        self.name = name
        self.schema = schema
        self.convert = convert
    }

    /// The same member with what the documentation tells of it.
    public func documented(_ about: String = "", example: JSONValue) -> Member {
        var member = self
        member.about = about
        member.example = example
        return member
    }

    func read(_ value: JSONValue) throws(MemberRefusal) -> Value {
        if let violation = schema.violation(of: value) { throw MemberRefusal(violation) }
        return try convert(value)
    }
}

extension Member where Value == String {
    /// Declares a member that stays a string.
    public init(string name: String, _ schema: ValueSchema) {
        self.init(name, schema) { value throws(MemberRefusal) in
            guard case .string(let text) = value else { throw MemberRefusal("must be a string") }
            return text
        }
    }
}

extension Member where Value == Int {
    /// Declares a member that is a whole number.
    public init(integer name: String, _ range: ClosedRange<Int64>) {
        self.init(name, .integer(range)) { value throws(MemberRefusal) in
            guard case .integer(let number) = value else { throw MemberRefusal("must be a whole number") }
            return Int(number)
        }
    }
}

extension Member where Value == Bool {
    /// Declares a member that is true or false.
    public init(boolean name: String) {
        self.init(name, .boolean) { value throws(MemberRefusal) in
            guard case .bool(let flag) = value else { throw MemberRefusal("must be true or false") }
            return flag
        }
    }
}

/// A member without its type, as schemas keep it.
public struct AnyMember: Sendable {
    /// The name in the body or the query.
    public let name: String
    /// What the value must be.
    public let schema: ValueSchema
    /// One sentence for who reads the documentation; empty where the name says enough.
    public let about: String
    /// A valid value, for the documentation.
    public let example: JSONValue?
    /// True where it must be there.
    public let isRequired: Bool
    let read: @Sendable (JSONValue) -> Outcome

    enum Outcome {
        case value(any Sendable)
        case refused([HTTPError.Detail])
    }

    /// A member that must be there.
    public static func required<Value>(_ member: Member<Value>) -> AnyMember {
        AnyMember(member, isRequired: true)
    }

    /// A member that may be left out.
    public static func optional<Value>(_ member: Member<Value>) -> AnyMember {
        AnyMember(member, isRequired: false)
    }

    private init<Value>(_ member: Member<Value>, isRequired: Bool) {
        name = member.name
        schema = member.schema
        about = member.about
        example = member.example
        self.isRequired = isRequired
        let name = member.name
        read = { value in
            do throws(MemberRefusal) {
                return .value(try member.read(value))
            } catch {
                return .refused(error.details(below: name))
            }
        }
    }
}

/// The values of members that were valid, each with its own type.
public struct MemberValues: Sendable {
    private var values: [String: any Sendable] = [:]

    /// Makes an empty set.
    public init() {}

    mutating func set(_ name: String, _ value: any Sendable) {
        values[name] = value
    }

    func contains(_ name: String) -> Bool { values[name] != nil }

    /// The value of a member, or nil where it was left out.
    public subscript<Value>(_ member: Member<Value>) -> Value? {
        values[member.name] as? Value
    }

    /// The value of a member that the schema requires.
    ///
    /// - Throws: a fault where the schema does not require it: the program is wrong, not the client.
    public func value<Value>(of member: Member<Value>) throws -> Value {
        guard let value = self[member] else {
            throw HTTPError.fault("the schema does not require the member \(member.name)")
        }
        return value
    }

    /// True where no member was given.
    public var isEmpty: Bool { values.isEmpty }
}
