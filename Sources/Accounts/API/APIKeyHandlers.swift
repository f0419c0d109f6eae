internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of API keys.
struct APIKeyHandlers {
    let keys: APIKeyService

    /// Makes a key; it is shown this once.
    func create(_ call: Call, by caller: Principal) throws -> Response {
        let answering = call.answering { (issued: IssuedAPIKey) in
            var response = Response.data(issued, as: IssuedAPIKey.representation, status: .created)
            response.add("Location", "/api/v1/api-keys/\(issued.key.id)")
            response.add("Cache-Control", "no-store")
            return response
        }
        return try keys.create(try NewAPIKey(call.body), by: caller, answering: answering)
    }

    /// The caller's own keys.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        listed(try keys.list(of: caller.user.id, by: caller), path: "/api/v1/api-keys")
    }

    /// Ends one of the caller's keys.
    func end(_ call: Call, by caller: Principal) throws -> Response {
        try keys.end(try call.path.identifier(), by: caller, answering: call.answering { Response(.noContent) })
    }

    /// Somebody's keys, for an administrator.
    func listOfUser(_ call: Call, by caller: Principal) throws -> Response {
        let id = try call.userID
        return listed(try keys.list(of: id, by: caller), path: "/api/v1/users/\(id)/api-keys")
    }

    /// Ends all of somebody's keys, for an administrator.
    func endAllOfUser(_ call: Call, by caller: Principal) throws -> Response {
        try keys.endAll(of: try call.userID, by: caller, answering: call.answering { Response(.noContent) })
    }

    private func listed(_ list: [APIKey], path: String) -> Response {
        Response.wholeList(list, limit: APIKey.mostPerUser, path: path) {
            APIKey.representation.write($0, to: &$1)
        }
    }
}
