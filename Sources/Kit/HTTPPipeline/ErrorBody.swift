internal import JSON

/// An error as a response, in one of two shapes.
///
/// The envelope `{"error": {...}}`, or the problem details of RFC 9457 for a client that prefers them.
public enum ErrorBody: Sendable {
    /// `application/json`.
    case envelope
    /// `application/problem+json`.
    case problem

    /// Makes the whole response for an error.
    public func response(for error: HTTPError, requestID: String) -> Response {
        let told = ToldError(error: error, requestID: requestID)
        var writer = JSONWriter()
        let contentType: String
        switch self {
        case .envelope:
            contentType = MediaType.json
            Self.enveloped.write(told, to: &writer)
        case .problem:
            contentType = MediaType.problem
            Self.problems.write(told, to: &writer)
        }
        var response = Response(error.code.status, contentType: contentType, body: writer.bytes)
        response.add("Cache-Control", "no-store")
        for field in error.fields { response.add(field.name, field.value) }
        return response
    }

    /// The path of a field as a JSON pointer in a URI fragment (RFC 6901, section 6): `items.3.name` is
    /// `#/items/3/name`.
    ///
    /// The names may be a client's own, so that they are escaped: `~` and `/` for the pointer (section 3), what may not
    /// stand in a fragment by percent-encoding (RFC 3986, section 3.5).
    fileprivate static func pointer(_ field: String) -> String {
        var pointer: [UInt8] = Array("#/".utf8)
        for byte in field.utf8 {
            switch byte {
            case UInt8(ascii: "."): pointer.append(UInt8(ascii: "/"))
            case UInt8(ascii: "~"): pointer += "~0".utf8
            case UInt8(ascii: "/"): pointer += "~1".utf8
            default: PercentEncoding.append(byte, to: &pointer)
            }
        }
        return String(decoding: pointer, as: UTF8.self)
    }
}

/// An error together with the request that it is the answer to.
public struct ToldError: Sendable {
    let error: HTTPError
    let requestID: String
}

extension ErrorBody {
    /// `{"error": {...}}`.
    public static let enveloped = Representation<ToldError>(
        "Error",
        [
            .object(
                "error",
                Representation(
                    nil,
                    [
                        .string("code", .string(length: 1...64), "What clients act on.", example: "VALIDATION_ERROR") {
                            $0.error.code.text
                        },
                        .string("message", .string(length: 1...1000), "For people.", example: "Invalid input") {
                            $0.error.message
                        },
                        .array(
                            "details",
                            of: Representation(
                                nil,
                                [
                                    .string("field", field, "The path of the field.", example: "email") { $0.field },
                                    .string("message", sentence, example: "must be a valid email") { $0.message },
                                ]
                            ),
                            "All faulty fields at once."
                        ) { $0.error.details },
                        .string(
                            "request_id",
                            .string(length: 1...64),
                            "The same as in Request-Id.",
                            example: "59e56ab90eed6c63ea7b59eb95350003"
                        ) { $0.requestID },
                    ]
                )
            ) { $0 }
        ]
    )

    /// RFC 9457, section 3; `errors` with JSON pointers as in its section 3's example, `code` as an extension.
    public static let problems = Representation<ToldError>(
        "Problem",
        [
            .string("type", .string(length: 1...200), "A registered one, or about:blank.", example: "about:blank") {
                $0.error.code.problemType
            },
            .string("title", .string(length: 1...64), "The words of the status.", example: "Bad Request") {
                $0.error.code.status.reason
            },
            Attribute("status", .integer(400...599), "The status.", example: 400) {
                $1.integer($0.error.code.status.code)
            },
            .string("detail", .string(length: 1...1000), "For people.", example: "Invalid input") { $0.error.message },
            .string(
                "instance",
                .string(length: 1...80),
                "Names the request.",
                example: "urn:request:59e56ab90eed6c63ea7b59eb95350003"
            ) { "urn:request:\($0.requestID)" },
            .string("code", .string(length: 1...64), "What clients act on.", example: "VALIDATION_ERROR") {
                $0.error.code.text
            },
            .array(
                "errors",
                of: Representation(
                    nil,
                    [
                        .string("pointer", field, "A JSON pointer to the field.", example: "#/email") {
                            pointer($0.field)
                        },
                        .string("detail", sentence, example: "must be a valid email") { $0.message },
                    ]
                ),
                count: 1...Int.max,
                "All faulty fields at once."
            ) { $0.error.details }.shown(where: { !$0.error.details.isEmpty }),
        ]
    )

    /// A client may have sent the name itself, of any length that a body has room for.
    private static var field: ValueSchema { .string(length: 0...Int.max) }
    private static var sentence: ValueSchema { .string(length: 1...Int.max) }
}
