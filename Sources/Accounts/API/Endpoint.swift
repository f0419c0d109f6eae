internal import Domain
internal import HTTPPipeline

/// What stands behind a method and a pattern: who may use it, what it takes, what answers.
struct Endpoint {
    /// Who may use it, and the handler.
    let access: Access
    /// The parameters that its query may have.
    let query: QuerySchema
    /// The body that it takes, or nil where it takes none.
    let body: BodyDeclaration?
    /// Finds the present version of the resource, for conditional requests; nil where it has none.
    var findRevision: ((PathParameters, Principal) throws -> Revision)?
}

/// What a route takes as its body, which may depend on who sends it.
struct BodyDeclaration {
    private let schema: (Principal?) -> ObjectSchema

    /// The same for everybody.
    static func of(_ schema: ObjectSchema) -> BodyDeclaration {
        BodyDeclaration { _ in schema }
    }

    /// One for administrators, another for everybody else.
    static func of(_ schema: ObjectSchema, administrator: ObjectSchema) -> BodyDeclaration {
        BodyDeclaration { $0?.isAdministrator == true ? administrator : schema }
    }

    private init(_ schema: @escaping (Principal?) -> ObjectSchema) {
        self.schema = schema
    }

    /// What this caller may send.
    func schema(for caller: Principal?) -> ObjectSchema { schema(caller) }
}
