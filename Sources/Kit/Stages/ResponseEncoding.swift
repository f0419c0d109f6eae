internal import HTTPPipeline

/// Responses as a CGI program writes them: `Status`, header fields, an empty line, the body (RFC 3875, section 6).
enum ResponseEncoding {
    /// The bytes of a response, in one piece so that it leaves in one write.
    ///
    /// Content-Length tells the size of the body also where it is left out, as for HEAD (RFC 9110, section 9.3.2).
    static func bytes(of response: Response, withBody: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + response.body.count)
        append("Status", "\(response.status.code) \(response.status.reason)", to: &bytes)
        for field in response.fields { append(field.name, field.value, to: &bytes) }
        // 204 and 304 have no body, so that a length would be a lie (RFC 9110, section 8.6).
        let hasContent = response.status.code != 204 && response.status.code != 304
        if hasContent { append("Content-Length", String(response.body.count), to: &bytes) }
        bytes += [13, 10]
        if withBody, hasContent { bytes += response.body }
        return bytes
    }

    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes += name.utf8
        bytes.append(UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: " "))
        bytes += value.utf8
        bytes += [13, 10]
    }
}
