import HTTPPipeline
import JSON

/// What no answer and no line of the log may hold.
struct Secrets {
    private var texts: Set<String> = []

    init() {
        texts = Set(Person.allCases.compactMap(\.password))
        // What every stored hash and every token begins with.
        texts.formUnion(["cheap$", "gh_s_", "gh_k_"])
    }

    /// Learns the password in the body of a request.
    mutating func learn(from sent: ClientRequest) {
        guard case .object(let body)? = try? JSONReader.read(sent.body) else { return }
        for name in ["password", "current", "new"] {
            if case .string(let password)? = body[name], password.count > 4 { texts.insert(password) }
        }
    }

    /// Learns the token that a sign-in has given.
    mutating func learn(from sent: ClientRequest, answeredBy response: Response) throws {
        if let token = try Self.token(from: sent, answeredBy: response) { texts.insert(token) }
    }

    /// The secrets in a text.
    func found(in text: String) -> [String] {
        texts.filter(text.contains).sorted()
    }

    /// The token or key that an answer has given, and may show or set as a cookie.
    static func token(from sent: ClientRequest, answeredBy response: Response) throws -> String? {
        guard sent.method == "POST", response.status == .created else { return nil }
        if let cookie = response.field("Set-Cookie") {
            return CookieField.value(of: "__Host-gatehouse", in: cookie)
        }
        guard case .object(let body) = try JSONReader.read(response.body), case .object(let data)? = body["data"] else {
            return nil
        }
        return [data["token"], data["key"]].compactMap { $0?.string }.first
    }
}
