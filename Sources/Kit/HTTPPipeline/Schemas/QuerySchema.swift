internal import JSON

/// The parameters that a query may have.
public struct QuerySchema: Sendable {
    /// The parameters, in the order of the documentation.
    public let parameters: [AnyMember]

    /// Whether parameters that are not declared are passed over rather than refused.
    private let ignoresUnknown: Bool

    /// Declares a query.
    ///
    /// With `ignoresUnknown` other parameters are passed over, for protocols that ask for it.
    public init(_ parameters: [AnyMember] = [], ignoresUnknown: Bool = false) {
        self.parameters = parameters
        self.ignoresUnknown = ignoresUnknown
    }

    /// Reads a query, telling all that is wrong with it at once.
    ///
    /// - Throws: ``HTTPError`` 400: MALFORMED_REQUEST where it cannot be decoded, UNKNOWN_PARAMETER for a name that is
    ///   not declared, VALIDATION_ERROR for values.
    public func read(_ query: [UInt8]) throws -> MemberValues {
        var values = MemberValues()
        guard !query.isEmpty else { return try checkingRequired(values, []) }
        var unknown: [HTTPError.Detail] = []
        var details: [HTTPError.Detail] = []
        var seen: [String] = []
        for pair in query.split(separator: UInt8(ascii: "&")).prefix(100) {
            let (name, text) = try Self.decode(pair)
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                if !ignoresUnknown { unknown.append(.init(field: name, message: "is not known here")) }
                continue
            }
            guard !seen.contains(name) else {
                details.append(.init(field: name, message: "is given more than once"))
                continue
            }
            seen.append(name)
            guard let value = parameter.schema.value(ofText: text) else {
                details.append(.init(field: name, message: parameter.schema.kindViolation))
                continue
            }
            switch parameter.read(value) {
            case .value(let value): values.set(name, value)
            case .refused(let faults): details += faults
            }
        }
        if !unknown.isEmpty {
            throw HTTPError(.unknownParameter, "The query has an unknown parameter.", details: unknown + details)
        }
        return try checkingRequired(values, details)
    }

    private func checkingRequired(_ values: MemberValues, _ faults: [HTTPError.Detail]) throws -> MemberValues {
        var details = faults
        for parameter in parameters where parameter.isRequired && !values.contains(parameter.name) {
            if !details.contains(where: { $0.field == parameter.name }) {
                details.append(.init(field: parameter.name, message: "is required"))
            }
        }
        guard details.isEmpty else { throw HTTPError(.validation, "Invalid input", details: details) }
        return values
    }

    private static func decode(_ pair: ArraySlice<UInt8>) throws -> (name: String, value: String) {
        let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
        let rest = equals < pair.endIndex ? pair[(equals + 1)...] : pair[pair.endIndex...]
        guard let name = PercentEncoding.decodeText(pair[..<equals], plusIsSpace: true),
            let value = PercentEncoding.decodeText(rest, plusIsSpace: true)
        else { throw HTTPError(.malformedRequest, "The query is not percent-encoded UTF-8.") }
        return (name, value)
    }
}
