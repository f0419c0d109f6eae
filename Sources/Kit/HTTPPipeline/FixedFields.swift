/// The stage that adds header fields which every response carries.
public struct FixedFields: Stage {
    private let fields: [(name: String, value: String)]

    /// Takes the fields.
    public init(_ fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    /// Adds the fields to the response.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        var response = try next(request)
        for field in fields { response.add(field.name, field.value) }
        return response
    }
}
