// Directives (section 5.7).

extension Validation {
    mutating func check(_ directives: [Directive], at location: DirectiveLocation) {
        guard !directives.isEmpty else { return }
        var first: [String: Int] = [:]
        for directive in directives where !isFull {
            let name = directive.name.text
            let definition = schema.directive(name)
            if let definition {
                if !definition.locations.contains(location) {
                    report(
                        .knownDirectives,
                        "Directive '@\(name)' may not be used on \(location.rawValue).",
                        at: directive.offset
                    )
                }
                if let earlier = first[name], !definition.isRepeatable {
                    report(
                        .uniqueDirectivesPerLocation,
                        "The directive '@\(name)' can only be used once at this location.",
                        at: earlier,
                        directive.offset
                    )
                } else {
                    first[name] = directive.offset
                }
            } else {
                report(.knownDirectives, "Unknown directive '@\(name)'.", at: directive.offset)
            }
            check(directive.arguments, definition?.arguments, of: "@\(name)", at: directive.offset)
        }
    }
}
