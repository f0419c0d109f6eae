import HTTPPipeline
import JSON

/// What no answer and no line of the log may hold.
struct Secrets {
    private var texts: Set<String> = []

    init() {
        texts = Set(Person.allCases.compactMap(\.password))
        // What every stored hash and every token begins with.
        texts.formUnion(["cheap$", "gh_s_", "gh_k_", "gh_c_"])
    }

    /// Learns the passwords in the body of a request, also those in variables of GraphQL.
    mutating func learn(from sent: ClientRequest) {
        guard let body = try? JSONReader.read(sent.body) else { return }
        learn(from: body)
    }

    private mutating func learn(from value: JSONValue) {
        guard case .object(let object) = value else { return }
        for member in object.members {
            if case .string(let password) = member.value, password.count > 4,
                ["password", "current", "new"].contains(member.name)
            {
                texts.insert(password)
            } else {
                learn(from: member.value)
            }
        }
    }

    /// Learns the tokens that an answer has given.
    mutating func learn(from sent: ClientRequest, answeredBy response: Response) throws {
        texts.formUnion(try Self.tokens(from: sent, answeredBy: response))
    }

    /// The secrets in a text.
    func found(in text: String) -> [String] {
        texts.filter(text.contains).sorted()
    }

    /// The tokens and keys that an answer has given, and may show or set as a cookie.
    static func tokens(from sent: ClientRequest, answeredBy response: Response) throws -> [String] {
        guard sent.method == "POST" else { return [] }
        if let cookie = response.field("Set-Cookie"), let token = CookieField.value(of: "__Host-gatehouse", in: cookie)
        {
            // One that is taken away is empty.
            return token.isEmpty ? [] : [token]
        }
        guard response.status == .created || sent.path == "/graphql" else { return [] }
        guard case .object(let body) = try JSONReader.read(response.body), case .object(let data)? = body["data"] else {
            return []
        }
        // In GraphQL one object for each change, by a name that the client has chosen.
        let objects =
            sent.path == "/graphql"
            ? data.members.compactMap { member in if case .object(let object) = member.value { object } else { nil } }
            : [data]
        return objects.flatMap { [$0["token"], $0["key"]].compactMap { $0?.string } }
    }
}
