/// How names of the API are written in GraphQL, by its custom: `created_at` is `createdAt`, `admin` is `ADMIN`.
enum GraphQLNames {
    /// The name of a field for that of a member or attribute.
    static func field(_ name: String) -> String {
        var result = ""
        var isStart = false
        for character in name {
            if character == "_" {
                isStart = true
            } else {
                result += isStart ? character.uppercased() : String(character)
                isStart = false
            }
        }
        return result
    }

    /// What is said about a member, with the names of members as those of fields, and with the values of its enumeration
    /// as those of here; nil for nothing.
    static func description(_ about: String, _ enumeration: Enumeration? = nil) -> String? {
        guard !about.isEmpty else { return nil }
        // What stands between backquotes is a name or a value.
        let parts = about.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        return parts.indices.map { index in
            guard index % 2 == 1 else { return parts[index] }
            return enumeration?.choices.contains(parts[index]) == true ? value(parts[index]) : field(parts[index])
        }.joined(separator: "`")
    }

    /// The name of an enumeration's value for a choice; `-name` is `NAME_DESC`.
    static func value(_ choice: String) -> String {
        choice.hasPrefix("-") ? "\(choice.dropFirst().uppercased())_DESC" : choice.uppercased()
    }
}
