internal import JSON

/// Members by their names and types, for the documents that pass between processes.
extension JSONObject {
    func integer(_ name: String) -> Int64? {
        if case .integer(let value)? = self[name] { value } else { nil }
    }

    func number(_ name: String) -> Int? { integer(name).flatMap { Int(exactly: $0) } }

    func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }

    func object(_ name: String) -> JSONObject? {
        if case .object(let object)? = self[name] { object } else { nil }
    }

    private func elements(_ name: String) -> [JSONValue] {
        if case .array(let values)? = self[name] { values } else { [] }
    }

    /// The objects of an array; empty where there is none: versions before did not write any.
    func objects(_ name: String) -> [JSONObject] {
        elements(name).compactMap { if case .object(let object) = $0 { object } else { nil } }
    }

    /// The texts of an array; empty where there is none.
    func texts(_ name: String) -> [String] {
        elements(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The numbers of an array; empty where there is none.
    func numbers(_ name: String) -> [Int] {
        elements(name).compactMap { if case .integer(let value) = $0 { Int(exactly: value) } else { nil } }
    }
}
