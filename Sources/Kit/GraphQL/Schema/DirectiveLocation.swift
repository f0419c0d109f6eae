/// Where a directive may stand (section 3.13).
public enum DirectiveLocation: String, Sendable, Hashable, CaseIterable {
    /// On a query.
    case query = "QUERY"
    /// On a mutation.
    case mutation = "MUTATION"
    /// On a subscription.
    case subscription = "SUBSCRIPTION"
    /// On a field that is selected.
    case field = "FIELD"
    /// On the definition of a fragment.
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    /// Where a fragment is spread.
    case fragmentSpread = "FRAGMENT_SPREAD"
    /// On a fragment without name.
    case inlineFragment = "INLINE_FRAGMENT"
    /// On the definition of a variable.
    case variableDefinition = "VARIABLE_DEFINITION"
    /// On a schema.
    case schema = "SCHEMA"
    /// On a scalar.
    case scalar = "SCALAR"
    /// On an object type.
    case object = "OBJECT"
    /// On a field of a type.
    case fieldDefinition = "FIELD_DEFINITION"
    /// On an argument of a field or directive.
    case argumentDefinition = "ARGUMENT_DEFINITION"
    /// On an interface.
    case interface = "INTERFACE"
    /// On a union.
    case union = "UNION"
    /// On an enumeration.
    case enumeration = "ENUM"
    /// On a value of an enumeration.
    case enumValue = "ENUM_VALUE"
    /// On an input object.
    case inputObject = "INPUT_OBJECT"
    /// On a field of an input object.
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
}
