public import JSON

/// The members that a JSON object may and must have.
public struct ObjectSchema: Sendable {
    /// What the documentation calls it, so that it is described once; nil where it has no name of its own.
    public let name: String?
    /// The members, in the order of the documentation.
    public let members: [AnyMember]
    /// The media types in which the object may come.
    public let mediaTypes: [String]

    /// Declares an object without a name of its own.
    public init(_ members: [AnyMember], mediaTypes: [String] = ["application/json"]) {
        self.init(name: nil, members, mediaTypes)
    }

    /// Declares an object that the documentation describes under a name.
    public init(_ name: String, _ members: [AnyMember], mediaTypes: [String] = ["application/json"]) {
        self.init(name: name, members, mediaTypes)
    }

    private init(name: String?, _ members: [AnyMember], _ mediaTypes: [String]) {
        self.name = name
        self.members = members
        self.mediaTypes = mediaTypes
    }

    /// Reads an object, telling all that is wrong with it at once.
    ///
    /// - Throws: ``HTTPError`` 400 with a detail for each faulty, missing and unknown member.
    public func read(_ value: JSONValue) throws -> MemberValues {
        guard case .object(let object) = value else {
            throw HTTPError(.validation, "The body must be a JSON object.")
        }
        let (values, details) = examine(object)
        guard details.isEmpty else { throw HTTPError(.validation, "Invalid input", details: details) }
        return values
    }

    /// The members that are as they must be, and what is wrong with the others.
    func examine(_ object: JSONObject) -> (values: MemberValues, details: [HTTPError.Detail]) {
        var values = MemberValues()
        var details: [HTTPError.Detail] = []
        for member in members {
            guard let value = object[member.name] else {
                if member.isRequired { details.append(.init(field: member.name, message: "is required")) }
                continue
            }
            switch member.read(value) {
            case .value(let value): values.set(member.name, value)
            case .refused(let faults): details += faults
            }
        }
        for given in object.members where !knows(given.name) {
            details.append(.init(field: given.name, message: "is not known here"))
            // A thousand unknown members make a long answer and no better one.
            if details.count >= 100 { break }
        }
        return (values, details)
    }

    /// Compares bytes, as the look-up of members does: `==` would also take canonically equivalent names for known.
    private func knows(_ name: String) -> Bool {
        members.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }
}
