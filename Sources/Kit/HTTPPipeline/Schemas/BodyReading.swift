public import JSON

extension ObjectSchema {
    /// Reads the body of a request as this object.
    ///
    /// - Throws: ``HTTPError`` 415 for another media type, 413 past the limit, 400 MALFORMED_JSON with the place of the
    ///   fault, 400 VALIDATION_ERROR.
    public func read(bodyOf request: Request, limit: Int) throws -> MemberValues {
        try read(try content(of: request, limit: limit))
    }

    /// Reads the body of a request as JSON, for who needs it before it is checked; ``read(_:)`` does the rest.
    ///
    /// - Throws: as ``read(bodyOf:limit:)`` does, but for VALIDATION_ERROR.
    public func content(of request: Request, limit: Int) throws -> JSONValue {
        try checkMediaType(of: request)
        return try request.withBody(limit: limit) { bytes in
            do throws(JSONError) {
                return try JSONReader.read(bytes, limits: JSONLimits(depth: 32, bytes: limit))
            } catch {
                let message = bytes.isEmpty ? "The body is empty; it must be a JSON object." : error.message
                throw HTTPError(.malformedJSON, message)
            }
        }
    }

    private func checkMediaType(of request: Request) throws {
        if let coding = request.field(.contentEncoding), coding.lowercased() != "identity" {
            throw HTTPError(.unsupportedMediaType, "The body must be sent without a Content-Encoding.")
        }
        let given = request.field(.contentType) ?? ""
        guard let essence = MediaType.essence(ofContentType: given), mediaTypes.contains(essence) else {
            let expected = mediaTypes.joined(separator: " or ")
            throw HTTPError(
                .unsupportedMediaType,
                "The body must be sent with Content-Type: \(expected).",
                fields: [Response.Field(name: "Accept", value: mediaTypes.joined(separator: ", "))]
            )
        }
    }
}
