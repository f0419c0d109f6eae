internal import Domain
internal import HTTPPipeline

extension PathParameters {
    /// The id that stands in the path.
    ///
    /// Throws `notFound`: an id that is none is one that nobody has.
    func identifier<Entity>() throws -> Identifier<Entity> {
        guard let id = self["id"].flatMap({ Identifier<Entity>($0) }) else { throw DomainError.notFound }
        return id
    }
}

extension Call {
    /// The user whose id stands in the path.
    ///
    /// Throws `notFound`.
    var userID: UserID {
        get throws { try path.identifier() }
    }
}
