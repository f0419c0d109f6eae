internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

/// Makes each change that a document asks for once, however often the document is sent.
///
/// A document may ask for several changes, one after the other, each in a transaction of its own. So each leaves a receipt
/// of its own, by its place among them, and a second try makes those that the first one did not come to. The receipt also
/// holds who asked: the first change may have ended what the second try would prove it with.
final class OnceForEachField {
    private let receipts: ReceiptService
    private let request: Request
    private let caller: Principal?
    /// The client's own name for the document, with what it names.
    private let client: ClientName?
    private var place = 0

    /// Whether the client, and not the web server, had asked for any of it before.
    private(set) var isReplay = false

    /// What a client calls a document of changes.
    struct ClientName {
        let text: String
        let caller: UserID
        let content: [[UInt8]]
    }

    init(_ request: Request, by caller: Principal?, named client: ClientName?, receipts: ReceiptService) {
        self.request = request
        self.caller = caller
        self.client = client
        self.receipts = receipts
    }

    /// The name that a client has for the whole, which is that of its first change.
    static func name(of client: ClientName, _ receipts: ReceiptService) -> ChangeName.Client {
        name(of: client, at: 0, receipts)
    }

    /// Who asked for the first change of a request that was tried before; nil where there was none.
    static func caller(of request: Request, _ receipts: ReceiptService) throws -> Principal? {
        guard request.method == .post else { return nil }
        let answer = try receipts.answer(toRequest: key(of: request, at: 0, receipts))
        return answer.flatMap { try? JSONReader.read($0.content) }?["caller"].flatMap { Principal(kept: $0) }
    }

    /// Makes the next change, or gives what it gave.
    ///
    /// `make` runs the service with what it is to answer. Throws what that throws, and what the first try was refused with
    /// where the client has given the document a name; `nameReused` where that is the name of another.
    func make<Outcome, Result: KeptResult>(
        _ render: @escaping (Outcome) -> Result,
        _ make: (Answering<Outcome, Result>) throws -> Result
    ) throws -> Result {
        defer { place += 1 }
        let name = ChangeName(
            request: Self.key(of: request, at: place, receipts),
            client: client.map { Self.name(of: $0, at: place, receipts) }
        )
        // Before the rules: what they ask for, such as the present password, may be what was changed.
        if let kept = try receipts.answer(toRequest: name.request) { return try restored(kept, isReplay: false) }
        if let client = name.client, let kept = try receipts.answer(to: client) {
            return try restored(kept, isReplay: true)
        }
        let once = receipts.once(name, plain: { [self] (result: Result) in made(result) }, restore: restored)
        do {
            return try make(Answering(once: once, origin: RequestOrigin(request), render: render))
        } catch {
            guard name.client != nil, let refusal = error as? HTTPError ?? ErrorTable.translate(error),
                (400..<500).contains(refusal.code.status.code), refusal.code != .rateLimited
            else { throw error }
            return try restored(try receipts.keep(refused(refusal), for: name), isReplay: false)
        }
    }

    // MARK: - Names

    private static func key(of request: Request, at place: Int, _ receipts: ReceiptService) -> ReceiptKey {
        // No path has a line feed in it.
        let path = place == 0 ? request.path : request.path + Array("\n\(place)".utf8)
        return receipts.key(ofRequest: request.id, method: request.method?.rawValue ?? "", path: path)
    }

    private static func name(of client: ClientName, at place: Int, _ receipts: ReceiptService) -> ChangeName.Client {
        // Nor has a client's name, so that no other name is meant.
        let text = place == 0 ? client.text : "\(client.text)\n\(place)"
        return receipts.client(text, of: client.caller, askingFor: client.content)
    }

    // MARK: - Answers

    private func made(_ result: some KeptResult) -> PlainAnswer {
        plain(status: 200, ["result": result.kept, "caller": caller?.kept ?? .null])
    }

    private func refused(_ refusal: HTTPError) -> PlainAnswer {
        let error = GraphQLErrors.error(refusal)
        return plain(
            status: refusal.code.status.code,
            ["message": .string(error.message), "extensions": .object(error.extensions)]
        )
    }

    private func plain(status: Int, _ content: JSONValue) -> PlainAnswer {
        var writer = JSONWriter()
        writer.write(content)
        return PlainAnswer(status: status, content: writer.bytes)
    }

    private func restored<Result: KeptResult>(_ answer: PlainAnswer, isReplay: Bool) throws -> Result {
        if isReplay { self.isReplay = true }
        guard case .object(let content)? = try? JSONReader.read(answer.content) else { throw Malformed() }
        if case .string(let message)? = content["message"], case .object(let extensions)? = content["extensions"] {
            throw GraphQLError(message, extensions: extensions)
        }
        guard let result = content["result"].flatMap({ Result(kept: $0) }) else { throw Malformed() }
        return result
    }

    /// A stored answer that is none, or that of another change.
    private struct Malformed: Error {}
}
