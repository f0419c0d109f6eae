/// The state of one reading; the text itself is handed to every function, since a span cannot be kept.
struct JSONParser {
    let limits: JSONLimits
    var position = 0

    /// Decoded bytes of the string that is being read, kept for the next one.
    var scratch: [UInt8] = []

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func document(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
        if bytes.count > limits.bytes { throw JSONFault(kind: .tooLarge(limit: limits.bytes), offset: limits.bytes) }
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw JSONFault(kind: .byteOrderMark, offset: 0)
        }
        skipWhitespace(bytes)
        let value = try value(bytes, depth: 0)
        skipWhitespace(bytes)
        if position < bytes.count { throw fault(.trailingBytes) }
        return value
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "{"): return .object(try object(bytes, depth: depth))
        case UInt8(ascii: "["): return .array(try array(bytes, depth: depth))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(bytes)
        case UInt8(ascii: "t"): return try literal(bytes, "true", .bool(true))
        case UInt8(ascii: "f"): return try literal(bytes, "false", .bool(false))
        case UInt8(ascii: "n"): return try literal(bytes, "null", .null)
        default: throw fault(.valueExpected)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONObject {
        guard depth < limits.depth else { throw fault(.tooDeep(limit: limits.depth)) }
        position += 1
        skipWhitespace(bytes)
        if next(bytes) == UInt8(ascii: "}") {
            position += 1
            return JSONObject()
        }
        var names = MemberNames()
        var members: [JSONObject.Member] = []
        members.reserveCapacity(8)
        while true {
            guard let quote = next(bytes) else { throw fault(.unexpectedEnd) }
            guard quote == UInt8(ascii: "\"") else { throw fault(.nameExpected) }
            let start = position
            let (name, fingerprint) = try name(bytes)
            if !names.insert(name, fingerprint: fingerprint, after: members) {
                throw JSONFault(kind: .duplicateMember(name), offset: start)
            }
            skipWhitespace(bytes)
            guard let colon = next(bytes) else { throw fault(.unexpectedEnd) }
            guard colon == UInt8(ascii: ":") else { throw fault(.colonExpected) }
            position += 1
            skipWhitespace(bytes)
            members.append(.init(name: name, value: try value(bytes, depth: depth + 1)))
            skipWhitespace(bytes)
            guard let separator = next(bytes) else { throw fault(.unexpectedEnd) }
            switch separator {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return JSONObject(members)
            default: throw fault(.commaOrBraceExpected)
            }
            skipWhitespace(bytes)
        }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> [JSONValue] {
        guard depth < limits.depth else { throw fault(.tooDeep(limit: limits.depth)) }
        position += 1
        skipWhitespace(bytes)
        var elements: [JSONValue] = []
        if next(bytes) == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(bytes, depth: depth + 1))
            skipWhitespace(bytes)
            guard let separator = next(bytes) else { throw fault(.unexpectedEnd) }
            switch separator {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return elements
            default: throw fault(.commaOrBracketExpected)
            }
            skipWhitespace(bytes)
        }
    }

    private mutating func literal(
        _ bytes: Span<UInt8>,
        _ text: String,
        _ value: JSONValue
    ) throws(JSONFault) -> JSONValue {
        for byte in text.utf8 {
            guard let found = next(bytes) else { throw fault(.unexpectedEnd) }
            guard found == byte else { throw fault(.valueExpected) }
            position += 1
        }
        return value
    }

    @inline(__always)
    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    func next(_ bytes: Span<UInt8>) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    func fault(_ kind: JSONError.Kind) -> JSONFault {
        JSONFault(kind: kind, offset: position)
    }
}

/// The names that an object has already: few are compared one by one, many are hashed, so that an object with very many
/// members does not take quadratic time.
private struct MemberNames {
    private static let few = 16
    private var fingerprints = InlineArray<16, UInt64>(repeating: 0)
    private var hashed: Set<ExactName> = []

    /// False if the name stands among the members already.
    @inline(__always)
    mutating func insert(_ name: String, fingerprint: UInt64, after members: [JSONObject.Member]) -> Bool {
        let count = members.count
        if count >= Self.few { return insertHashed(name, after: members) }
        for index in 0..<count where fingerprints[index] == fingerprint {
            if members[index].name.hasSameBytes(as: name) { return false }
        }
        fingerprints[count] = fingerprint
        return true
    }

    @inline(never)
    private mutating func insertHashed(_ name: String, after members: [JSONObject.Member]) -> Bool {
        if hashed.isEmpty { hashed = Set(members.map { ExactName(text: $0.name) }) }
        return hashed.insert(ExactName(text: name)).inserted
    }

    /// A name that equals another by code points.
    ///
    /// The hash is taken of the bytes: that of a string is the same for all canonically equivalent ones, of which
    /// somebody could send many.
    private struct ExactName: Hashable {
        let text: String

        static func == (left: ExactName, right: ExactName) -> Bool { left.text.hasSameBytes(as: right.text) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
