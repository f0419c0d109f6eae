import HTTPPipeline
import JSON

extension Site {
    /// Asks by GraphQL, as its clients do.
    func ask(
        _ query: String,
        _ variables: JSONValue = [:],
        by token: String? = nil,
        fields: [(name: String, value: String)] = [],
        accept: String? = "application/graphql-response+json",
        isTriedAgain: Bool = false
    ) throws -> Response {
        try post(
            ["query": .string(query), "variables": variables],
            by: token,
            fields: fields,
            accept: accept,
            isTriedAgain: isTriedAgain
        )
    }

    /// Sends any JSON to the endpoint.
    func post(
        _ body: JSONValue,
        by token: String? = nil,
        fields: [(name: String, value: String)] = [],
        accept: String? = "application/graphql-response+json",
        isTriedAgain: Bool = false
    ) throws -> Response {
        var all = [(name: "Content-Type", value: "application/json")] + fields
        if let accept { all.append(("Accept", accept)) }
        if let token { all.append(("Authorization", "Bearer \(token)")) }
        var writer = JSONWriter()
        writer.write(body)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        return try send(ClientRequest("POST", "/graphql", fields: all, body: text), isTriedAgain: isTriedAgain)
    }
}

extension Response {
    /// The errors in the body.
    var errors: [JSONObject] {
        get throws {
            guard case .array(let errors)? = try bodyObject["errors"] else { return [] }
            return errors.compactMap { error in if case .object(let object) = error { object } else { nil } }
        }
    }

    /// The codes of all errors, in their order.
    var codes: [String] {
        get throws {
            try errors.map { error in
                guard case .object(let members)? = error["extensions"] else { return "" }
                return members["code"]?.string ?? ""
            }
        }
    }

    /// What stands at a path below `data`: names and places.
    func at(_ path: String) throws -> JSONValue? {
        var value = try bodyObject["data"]
        for step in path.split(separator: ".") {
            switch value {
            case .object(let object)?: value = object[String(step)]
            case .array(let elements)?: value = Int(step).map { elements[$0] }
            default: return nil
            }
        }
        return value
    }

    /// The text at a path below `data`.
    func text(at path: String) throws -> String? { try at(path)?.string }

    /// How many elements the list at a path below `data` has.
    func count(at path: String) throws -> Int? {
        if case .array(let elements)? = try at(path) { elements.count } else { nil }
    }
}
