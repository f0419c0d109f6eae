internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// The stage that makes a change once that a client has given a name of its own, by `Idempotency-Key`.
///
/// The name holds for one caller and for a day. Asked for again under it, the same is answered as it was the first time;
/// something else is refused. What was refused itself is kept too, unless that was for reasons that pass. A body that
/// cannot be read is refused before anything is kept: nobody knows what was asked for.
struct IdempotentReplay: Stage {
    let receipts: ReceiptService
    let leases: any ChangeLeases
    let errors: ErrorRendering
    /// The most bytes of a body.
    let bodyLimit: Int

    /// Answers as before, or passes the request on with its name.
    ///
    /// - Throws: ``HTTPError`` 400 for a key that is none, or that nobody is known to have sent; 409 while another request
    ///   with the key is being answered; 422 for one that came with something else; what reading the body throws.
    func respond(to input: CheckedRequest, next: (NamedRequest) throws -> Response) throws -> Response {
        let request = input.authorised.routed.request
        guard request.method == .post, let field = request.field(.idempotencyKey) else {
            return try next(NamedRequest(checked: input, named: nil))
        }
        let named = try name(input, field)
        if let answer = try receipts.answer(to: named.client) { return try Response(answer, isReplay: true) }
        return try leases.withLease(on: named.client.key) {
            do {
                return try next(NamedRequest(checked: input, named: named))
            } catch {
                let refusal = errors.response(to: request, for: error)
                guard (400..<500).contains(refusal.status.code), refusal.status != .tooManyRequests else { throw error }
                let name = ChangeName(request: receipts.key(of: input.authorised.routed), client: named.client)
                return try Response(try receipts.keep(PlainAnswer(refusal), for: name), isReplay: false)
            }
        }
    }

    private func name(_ input: CheckedRequest, _ field: String) throws -> NamedChange {
        let (key, caller) = try Self.name(field, of: input.authorised.caller)
        let routed = input.authorised.routed
        let content = try input.authorised.body?.content(of: routed.request, limit: bodyLimit)
        let client = receipts.client(
            key.text,
            of: caller.user.id,
            askingFor: [
                Array((routed.request.method?.rawValue ?? "").utf8),
                Array((routed.request.record.route ?? "").utf8),
                Array(routed.parameters.values.joined(separator: "/").utf8),
                routed.request.query,
                content?.canonicalBytes ?? [],
            ]
        )
        return NamedChange(client: client, content: content)
    }

    /// Reads the client's name for a change, which only somebody who is known can give.
    ///
    /// - Throws: ``HTTPError`` 400.
    static func name(_ field: String, of caller: Principal?) throws -> (key: IdempotencyKey, caller: Principal) {
        guard let key = IdempotencyKey(field) else {
            throw HTTPError(.idempotencyKeyInvalid, "An Idempotency-Key has 1 to 255 visible ASCII characters.")
        }
        guard let caller else {
            throw HTTPError(.idempotencyKeyInvalid, "An Idempotency-Key needs a caller who is signed in.")
        }
        return (key, caller)
    }
}

/// What a client has given a name of its own.
///
/// A class, so that the contexts of all other requests carry no more than its absence.
final class NamedChange {
    let client: ChangeName.Client
    /// The body, which had to be read to know what was asked for; nil where the route takes none.
    let content: JSONValue?

    init(client: ChangeName.Client, content: JSONValue?) {
        self.client = client
        self.content = content
    }
}

extension ReceiptService {
    /// The key of a request that the web server may try again.
    func key(of routed: RoutedRequest<Endpoint>) -> ReceiptKey {
        key(
            ofRequest: routed.request.id,
            method: routed.request.method?.rawValue ?? "",
            path: routed.request.path
        )
    }

    /// What was answered to an earlier try of a request, or nil.
    func response(to routed: RoutedRequest<Endpoint>) throws -> Response? {
        try answer(toRequest: key(of: routed)).map { try Response($0, isReplay: false) }
    }
}

extension PlainAnswer {
    /// The answer that a response is.
    init(_ response: Response) {
        self.init(status: response.status.code, content: response.keptContent)
    }
}

extension Response {
    /// A stored answer that is none.
    private struct Malformed: Error {}

    /// The response that an answer was; one that a client has asked for again says so.
    init(_ answer: PlainAnswer, isReplay: Bool) throws {
        guard let response = Response(status: answer.status, keptContent: answer.content) else { throw Malformed() }
        self = response
        if isReplay { add("Idempotency-Replayed", "true") }
    }
}
