/// The rules that a document is held against before anything of it is executed (section 5).
public enum ValidationRule: String, Sendable, Hashable, CaseIterable {
    /// Only operations and fragments (5.1.1).
    case executableDefinitions
    /// The schema has operations of this kind (5.2.1.1).
    case knownOperationTypes
    /// No two operations of one name (5.2.2.1).
    case uniqueOperationNames
    /// An operation without name is the only one (5.2.3.1).
    case loneAnonymousOperation
    /// A subscription selects one field (5.2.4.1).
    case singleFieldSubscriptions
    /// Fields exist (5.3.1).
    case fieldsOnCorrectType
    /// Fields of one response name give the same (5.3.2).
    case overlappingFieldsCanBeMerged
    /// What has fields is selected by fields, and nothing else (5.3.3).
    case scalarLeafs
    /// Arguments exist (5.4.1).
    case knownArgumentNames
    /// No argument twice (5.4.2).
    case uniqueArgumentNames
    /// Required arguments are given (5.4.3).
    case providedRequiredArguments
    /// No two fragments of one name (5.5.1.1).
    case uniqueFragmentNames
    /// Types exist (5.5.1.2 and 5.8.2).
    case knownTypeNames
    /// Fragments are on what has fields (5.5.1.3).
    case fragmentsOnCompositeTypes
    /// Every fragment is used (5.5.1.4).
    case noUnusedFragments
    /// Fragments that are spread exist (5.5.2.1).
    case knownFragmentNames
    /// No fragment holds itself (5.5.2.2).
    case noFragmentCycles
    /// A fragment can apply where it is spread (5.5.2.3).
    case possibleFragmentSpreads
    /// Literals fit their type (5.6.1, 5.6.2, 5.6.4 and 5.6.5).
    case valuesOfCorrectType
    /// No input field twice (5.6.3).
    case uniqueInputFieldNames
    /// Directives exist, and may stand there (5.7.1 and 5.7.2).
    case knownDirectives
    /// No directive twice at one place (5.7.3).
    case uniqueDirectivesPerLocation
    /// No two variables of one name (5.8.1).
    case uniqueVariableNames
    /// Variables are of input types (5.8.2).
    case variablesAreInputTypes
    /// Variables that are used are declared (5.8.3).
    case noUndefinedVariables
    /// Variables that are declared are used (5.8.4).
    case noUnusedVariables
    /// Variables fit where they are used (5.8.5).
    case variablesInAllowedPosition
    /// Introspection does not go round in circles; no rule of the specification.
    case maxIntrospectionDepth
    /// Fragments inside fragments are not nested without bound; no rule of the specification.
    case boundedNesting
}

/// A rule that a document breaks, and where.
public struct ValidationError: Error, Sendable, Equatable {
    /// The rule.
    public let rule: ValidationRule
    /// What the client is told.
    public let error: GraphQLError
}
