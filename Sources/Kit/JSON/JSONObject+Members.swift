/// Members by their names and shapes; nil, or nothing, where there is none of that name and shape.
extension JSONObject {
    /// An integer.
    public func integer(_ name: String) -> Int64? { self[name]?.integer }

    /// An integer that fits in an `Int`.
    public func number(_ name: String) -> Int? { integer(name).flatMap { Int(exactly: $0) } }

    /// The text of a string.
    public func text(_ name: String) -> String? { self[name]?.string }

    /// An object.
    public func object(_ name: String) -> JSONObject? { self[name]?.object }

    /// The objects of an array.
    public func objects(_ name: String) -> [JSONObject] { elements(name).compactMap(\.object) }

    /// The texts of an array.
    public func texts(_ name: String) -> [String] { elements(name).compactMap(\.string) }

    /// The numbers of an array.
    public func numbers(_ name: String) -> [Int] {
        elements(name).compactMap(\.integer).compactMap { Int(exactly: $0) }
    }

    private func elements(_ name: String) -> [JSONValue] { self[name]?.elements ?? [] }
}
