internal import Domain
internal import HTTPPipeline

extension Call {
    /// The user whose id stands in the path.
    ///
    /// Throws `notFound`: an id that is none is one that nobody has.
    var userID: UserID {
        get throws {
            guard let id = path["id"].flatMap({ UserID($0) }) else { throw DomainError.notFound }
            return id
        }
    }
}
