import GraphQL
import Testing

@Suite("Validation")
struct ValidationTests {
    private func rules(_ source: String) throws -> Set<ValidationRule> {
        let errors = try TestSchema.executable().schema.validate(Document(source, limits: .trusted))
        return Set(errors.map(\.rule))
    }

    @Test(
        "finds the rule that is broken",
        arguments: [
            ("{ users { nothing } }", .fieldsOnCorrectType), ("{ users }", .scalarLeafs),
            ("{ users { id { a } } }", .scalarLeafs),
            ("{ users(a: 1) { id } }", .knownArgumentNames), ("{ user { id } }", .providedRequiredArguments),
            ("{ user(id: 1, id: 2) { id } }", .uniqueArgumentNames), ("{ user(id: [1]) { id } }", .valuesOfCorrectType),
            ("{ users(where: {id: 1, name: \"a\"}) { id } }", .valuesOfCorrectType), ("{ ...f }", .knownFragmentNames),
            ("{ users { id } } fragment f on User { id }", .noUnusedFragments),
            ("{ users { ... on Order { a } } }", .fragmentsOnCompositeTypes),
            ("{ users { ...f } } fragment f on User { friends { ...f } }", .noFragmentCycles),
            ("{ users { ... on Query { users { id } } } }", .possibleFragmentSpreads),
            ("query($a: Int) { users { id } }", .noUnusedVariables),
            ("{ users(first: $a) { id } }", .noUndefinedVariables),
            ("query($a: Int) { users(first: $a, order: $a) { id } }", .variablesInAllowedPosition),
            ("query($a: User) { user(id: $a) { id } }", .variablesAreInputTypes),
            ("{ users { id @nothing } }", .knownDirectives),
            ("{ users { id @skip(if: true) @skip(if: true) } }", .uniqueDirectivesPerLocation),
            ("subscription { a }", .knownOperationTypes),
            ("{ users { id } } { users { id } }", .loneAnonymousOperation),
            ("{ users { a: id a: name } }", .overlappingFieldsCanBeMerged),
            ("type T { a: Int }", .executableDefinitions),
            ("{ a: users(first: 1) { id } a: users(first: 2) { id } }", .overlappingFieldsCanBeMerged),
            (
                "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
                .maxIntrospectionDepth
            ),
        ] as [(String, ValidationRule)]
    )
    func broken(source: String, rule: ValidationRule) throws {
        #expect(try rules(source).contains(rule))
    }

    @Test("takes equal fields for one, however many there are")
    func duplicates() throws {
        #expect(try rules("{" + String(repeating: " users { id }", count: 2000) + " }").isEmpty)
    }

    @Test("ends where fragments multiply")
    func multiplied() throws {
        var source = "{ users { ...f0 } }"
        for number in 0..<60 {
            source +=
                " fragment f\(number) on User { a: friends { ...f\(number + 1) } b: friends { ...f\(number + 1) } }"
        }
        #expect(try rules(source + " fragment f60 on User { id }").isEmpty)
        #expect(try TestSchema.answer(source + " fragment f60 on User { id }").contains("more than"))
    }

    @Test("ends where fragments are nested without bound")
    func chains() throws {
        var source = "{ users { ...f0 } }"
        for number in 0..<1000 { source += " fragment f\(number) on User { ...f\(number + 1) }" }
        #expect(try rules(source + " fragment f1000 on User { id }") == [.boundedNesting])
        #expect(try rules(source + " fragment f1000 on User { ...f0 }") == [.noFragmentCycles])
    }

    @Test("tells no more errors than it was asked for")
    func manyErrors() throws {
        let source = "{" + String(repeating: " nothing", count: 500) + " }"
        let errors = try TestSchema.executable().schema.validate(Document(source), maximumErrors: 5)
        #expect(errors.count == 6)
    }
}
