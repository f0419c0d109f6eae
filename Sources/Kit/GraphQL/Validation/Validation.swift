extension Schema {
    /// Holds a document against all rules (section 5).
    ///
    /// Gives every offence, at most `maximumErrors` and one more that says so. The time is proportional to the size of
    /// the document, except for the merging of fields, which has a budget of its own; the stack is bounded.
    public func validate(_ document: Document, maximumErrors: Int = 50) -> [ValidationError] {
        var validation = Validation(self, document, maximumErrors: maximumErrors)
        validation.run()
        return validation.errors
    }
}

/// One validation: what is known of the document, and the errors so far.
///
/// The rules stand in extensions, one file for each part of section 5. All that look at one place only are called from
/// the walk in `Validation+Walk.swift`, which visits every definition once and follows no spread.
struct Validation {
    let schema: Schema
    let document: Document
    let fragments: [String: FragmentDefinition]
    private let maximumErrors: Int
    private(set) var errors: [ValidationError] = []

    /// What the definition that is being walked uses.
    var uses = Uses()
    var fragmentUses: [String: Uses] = [:]
    var operationUses: [Uses] = []

    /// Variables and fragments that a definition uses itself.
    struct Uses {
        var variables: [VariableUse] = []
        var spreads: [FragmentSpread] = []
    }

    init(_ schema: Schema, _ document: Document, maximumErrors: Int) {
        self.schema = schema
        self.document = document
        self.maximumErrors = maximumErrors
        fragments = Dictionary(document.fragments.map { ($0.name.text, $0) }) { first, _ in first }
    }

    mutating func run() {
        checkDefinitions()
        for definition in document.definitions {
            uses = Uses()
            switch definition {
            case .operation(let operation):
                walk(operation)
                operationUses.append(uses)
            case .fragment(let fragment):
                walk(fragment)
                if fragmentUses[fragment.name.text] == nil { fragmentUses[fragment.name.text] = uses }
            case .typeSystem: break
            }
            if isFull { return }
        }
        checkFragmentUse()
        checkVariables()
        // What follows spreads needs them to end.
        guard checkCycles(), checkNesting(), !isFull else { return }
        checkSubscriptions()
        checkIntrospectionDepth()
        checkMerging()
    }

    var isFull: Bool { errors.count > maximumErrors }

    mutating func report(_ rule: ValidationRule, _ message: String, at offsets: Int...) {
        report(rule, message, at: offsets)
    }

    mutating func report(_ rule: ValidationRule, _ message: String, at offsets: [Int]) {
        guard !isFull else { return }
        let error =
            errors.count < maximumErrors
            ? GraphQLError(message, at: offsets, in: document.source)
            : GraphQLError("Too many validation errors, error limit reached. Validation aborted.")
        errors.append(ValidationError(rule: rule, error: error))
    }
}
