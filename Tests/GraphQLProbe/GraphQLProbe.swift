internal import GraphQL
internal import JSON
internal import Linux

/// Reads, validates and executes what it is told, for `differential.py` to hold against graphql-core.
///
/// Questions on the standard input and answers on the standard output are JSON texts with their length before them, as
/// four bytes with the most significant first. A question is an object: `ask` is `parse`, `validate`, `execute` or
/// `schema`; `source` is the document, or `bytes` in hexadecimal; `schema` is a schema in the schema definition language;
/// `variables`, `operation` and `data` are for `execute`, where `data` is the object of the root with all that is below it.
@main
struct GraphQLProbe {
    static func main() {
        do {
            let input = try FileDescriptor(owning: 0).readAll(limit: 1 << 30)
            var probe = GraphQLProbe()
            try FileDescriptor(owning: 1).writeAll(probe.answers(to: input))
        } catch {
            StandardError.writeLine("\(error)")
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    private var schemas: [String: Result<Schema, any Error>] = [:]

    private mutating func answers(to input: [UInt8]) throws -> [UInt8] {
        var output: [UInt8] = []
        var rest = input.span
        while rest.count >= 4 {
            let length = (0..<4).reduce(0) { $0 << 8 | Int(rest[$1]) }
            let end = min(4 + length, rest.count)
            let limits = JSONLimits(depth: 256, bytes: 1 << 26)
            let question = try JSONReader.read(rest.extracting(4..<end), limits: limits)
            let answer = answer(question)
            for shift in stride(from: 24, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: answer.count >> shift))
            }
            output += answer
            rest = rest.extracting(end..<rest.count)
        }
        return output
    }

    private mutating func answer(_ question: JSONValue) -> [UInt8] {
        guard case .object(let question) = question else { return Array("null".utf8) }
        var writer = JSONWriter()
        do {
            switch question.textOrEmpty("ask") {
            case "parse":
                let document = try document(question)
                writer.object { $0.member("tokens", document.tokenCount) }
            case "schema":
                let schema = try Schema(sdl: question.textOrEmpty("source"))
                writer.object { $0.member("sdl", schema.sdl) }
            case "validate":
                let schema = try schema(question.textOrEmpty("schema"))
                let errors = schema.validate(try document(question), maximumErrors: 100)
                writer.object { writer in
                    writer.array("errors") { writer in
                        for error in errors {
                            writer.object { writer in
                                writer.member("rule", error.rule.rawValue)
                                writer.member("error", error.error)
                            }
                        }
                    }
                }
            default: return try execute(question)
            }
        } catch let error as GraphQLError {
            writer.removeAll()
            writer.object { $0.member("error", error) }
        } catch {
            writer.removeAll()
            writer.object { $0.member("fault", "\(error)") }
        }
        return writer.bytes
    }

    private func document(_ question: JSONObject) throws(GraphQLError) -> Document {
        let bytes = question["bytes"] == nil ? Array(question.textOrEmpty("source").utf8) : question.bytes("bytes")
        return try Document(bytes, limits: .trusted)
    }

    private mutating func schema(_ sdl: String) throws -> Schema {
        if let known = schemas[sdl] { return try known.get() }
        let schema = Result { try Schema(sdl: sdl) }
        schemas[sdl] = schema
        return try schema.get()
    }

    private mutating func execute(_ question: JSONObject) throws -> [UInt8] {
        let schema = try schema(question.textOrEmpty("schema"))
        let executable = ExecutableSchema<Void>(
            schema,
            root: question["data"] ?? .null,
            field: Self.resolve,
            leaf: { $0 },
            typeName: { object in if case .object(let object) = object { object.textOrEmpty("__typename") } else { "" }
            }
        )
        let engine = GraphQLEngine(executable, limits: .trusted, cache: DocumentCache(), hashing: Unhashed())
        var variables = JSONObject()
        if case .object(let given)? = question["variables"] { variables = given }
        let request = GraphQLRequest(
            query: question.textOrEmpty("source"),
            operationName: question["operation"].flatMap { if case .string(let name) = $0 { name } else { nil } },
            variables: variables
        )
        do throws(RequestFailure) {
            return engine.execute(try engine.prepare(request), ()).body
        } catch {
            return error.body
        }
    }

    /// The member of that name; an object with `__error` is a failure.
    private static func resolve(
        _ object: JSONValue,
        _ field: FieldDefinition,
        _ arguments: Arguments
    ) -> Resolved<JSONValue> {
        guard case .object(let object) = object, let value = object[field.name] else { return .null }
        return resolved(value)
    }

    private static func resolved(_ value: JSONValue) -> Resolved<JSONValue> {
        switch value {
        case .null: return .null
        case .array(let elements): return .list(elements.map(resolved))
        case .object(let object):
            if case .string(let message)? = object["__error"] { return .failure(GraphQLError(message)) }
            return .value(value)
        default: return .value(value)
        }
    }
}

/// Each document is asked for once, so its own bytes may stand for their hash.
private struct Unhashed: DocumentHashing {
    func sha256(_ bytes: [UInt8]) -> [UInt8] { bytes }
}

extension JSONObject {
    fileprivate func textOrEmpty(_ name: String) -> String { text(name) ?? "" }

    fileprivate func bytes(_ name: String) -> [UInt8] {
        let digits = Array(textOrEmpty(name).utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
        }
    }
}
