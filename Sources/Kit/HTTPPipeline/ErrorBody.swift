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
        let body: [UInt8]
        let contentType: String
        switch self {
        case .envelope:
            contentType = MediaType.json
            body = envelope(error, requestID)
        case .problem:
            contentType = MediaType.problem
            body = problem(error, requestID)
        }
        var response = Response(error.code.status, contentType: contentType, body: body)
        response.add("Cache-Control", "no-store")
        for field in error.fields { response.add(field.name, field.value) }
        return response
    }

    private func envelope(_ error: HTTPError, _ requestID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { body in
            body.object("error") { members in
                members.member("code", error.code.text)
                members.member("message", error.message)
                members.array("details") { list in
                    for detail in error.details {
                        list.object { item in
                            item.member("field", detail.field)
                            item.member("message", detail.message)
                        }
                    }
                }
                members.member("request_id", requestID)
            }
        }
        return writer.bytes
    }

    /// RFC 9457, section 3; `errors` with JSON pointers as in its section 3's example, `code` as an extension.
    private func problem(_ error: HTTPError, _ requestID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { members in
            members.member("type", "about:blank")
            members.member("title", error.code.status.reason)
            members.member("status", error.code.status.code)
            members.member("detail", error.message)
            members.member("instance", "urn:request:\(requestID)")
            members.member("code", error.code.text)
            if !error.details.isEmpty {
                members.array("errors") { list in
                    for detail in error.details {
                        list.object { item in
                            item.member("pointer", Self.pointer(detail.field))
                            item.member("detail", detail.message)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// The path of a field as a JSON pointer in a URI fragment (RFC 6901, section 6): `items.3.name` is
    /// `#/items/3/name`.
    ///
    /// The names may be a client's own, so that they are escaped: `~` and `/` for the pointer (section 3), what may not
    /// stand in a fragment by percent-encoding (RFC 3986, section 3.5).
    private static func pointer(_ field: String) -> String {
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
