import HTTPPipeline
import JSON

/// What no answer and no line of the log may hold.
struct Secrets {
    private var texts: Set<String> = []

    init() {
        texts = Set(Person.allCases.compactMap(\.password))
        // What every stored hash and every token begins with.
        texts.formUnion(["cheap$", "gh_s_"])
    }

    /// Learns the password in the body of a request.
    mutating func learn(from sent: ClientRequest) {
        guard case .object(let body)? = try? JSONReader.read(Array(sent.body.utf8)) else { return }
        if case .string(let password)? = body["password"], password.count > 4 { texts.insert(password) }
    }

    /// Learns the token that a sign-in has given.
    mutating func learn(from sent: ClientRequest, answeredBy response: Response) throws {
        if let token = try Self.token(from: sent, answeredBy: response) { texts.insert(token) }
    }

    /// The secrets in a text.
    func found(in text: String) -> [String] {
        texts.filter(text.contains).sorted()
    }

    /// The token that a sign-in has given, and may show.
    static func token(from sent: ClientRequest, answeredBy response: Response) throws -> String? {
        guard sent.method == "POST", sent.path.hasSuffix("/sessions"), response.status == .created else { return nil }
        guard case .object(let body) = try JSONReader.read(response.body), case .object(let data)? = body["data"],
            case .string(let token)? = data["token"]
        else { return nil }
        return token
    }
}
