/// One response: status, header fields in order, and a body that is already bytes.
public struct Response: Sendable {
    /// A header field.
    public struct Field: Sendable, Equatable {
        /// Its name, in the spelling of the RFC that defines it.
        public let name: String
        /// Its value, without line breaks.
        public let value: String

        /// Names a field and its value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status.
    public var status: Status
    /// The header fields, without Content-Length.
    public private(set) var fields: [Field] = []
    /// The content.
    public var body: [UInt8]

    /// Makes a response without content.
    public init(_ status: Status) {
        self.status = status
        body = []
    }

    /// Makes a response with content of the given media type.
    public init(_ status: Status, contentType: String, body: [UInt8]) {
        self.status = status
        self.body = body
        fields.reserveCapacity(6)
        add("Content-Type", contentType)
    }

    /// Adds a header field; one of the same name stays beside it.
    ///
    /// Line breaks in the value become spaces: no value may begin another field.
    public mutating func add(_ name: String, _ value: String) {
        let isClean = value.utf8.allSatisfy { $0 != 13 && $0 != 10 && $0 != 0 }
        let clean = isClean ? value : String(value.map { $0.isNewline || $0 == "\0" ? " " : $0 })
        fields.append(Field(name: name, value: clean))
    }

    /// Adds a header field; one of the same name stays beside it.
    public mutating func add(_ field: Field) {
        add(field.name, field.value)
    }

    /// The first value of a header field, by its name without regard to case.
    public func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
