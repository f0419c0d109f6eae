/// What the table knows about a key, without the Swift type of its value.
///
/// Made by the functions of ``ConfigurationKey``.
public struct ConfigurationDefinition: Sendable {
    /// The dotted name, such as `pool.threads`.
    ///
    /// Segments of lower-case letters, digits and underscores.
    public let name: String

    /// What the key sets, in a sentence; may be empty.
    ///
    /// Shown in the commented file.
    public let summary: String

    /// What a number counts, such as "threads"; empty where there is nothing to count.
    ///
    /// Durations and sizes carry their unit in the value.
    public let unit: String

    /// Why the default is what it is.
    ///
    /// Shown in the commented file.
    public let reason: String

    /// How the default is computed, such as "the number of processors"; nil if it is fixed.
    ///
    /// Shown in the commented file and in listings.
    public let defaultRule: String?

    /// Whether the value is never shown.
    ///
    /// Only such a key may be read from a file that an environment variable names.
    public let isSecret: Bool

    let kind: ConfigurationKind
    let computeDefault: @Sendable () -> ConfigurationValue
    let check: @Sendable (ConfigurationValue) -> String?

    /// What must be written, such as "an integer from 1 to 1024".
    ///
    /// A phrase for people, with its article.
    public var expectation: String { kind.expectation }

    /// The default; a computed one is brought into the bounds.
    var defaultValue: ConfigurationValue {
        defaultRule == nil ? computeDefault() : kind.clamped(computeDefault())
    }
}

// MARK: - From text

extension ConfigurationDefinition {
    /// Why a value was not taken; `sentence` names the key and, unless it is secret, the value.
    struct Refusal: Error {
        let kind: ConfigurationMistake.Kind
        let sentence: String
    }

    /// Checks a value that was written as one text.
    func value(_ text: String, base: String) throws(Refusal) -> ConfigurationValue {
        let value: ConfigurationValue? =
            switch kind {
            case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
            case .integer: integer(text)
            case .duration: DurationText.read(text).map { .duration(nanoseconds: $0) }
            case .size: SizeText.read(text).map { .size(bytes: $0) }
            case .text: .text(text)
            case .path: .text(text.isEmpty ? "" : absolute(text, base: base))
            case .choice: .text(text)
            case .list:
                .list(text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed))
            }
        guard let value else { throw wrongType(text) }
        return try checked(value, written: text)
    }

    /// Checks a value that was written as a list of texts.
    func value(_ texts: [String]) throws(Refusal) -> ConfigurationValue {
        guard case .list = kind else { throw wrongType("a list", quoted: false) }
        return try checked(.list(texts), written: texts.joined(separator: ", "))
    }

    /// Checks bounds and what the key itself asks for.
    func checked(_ value: ConfigurationValue, written text: String) throws(Refusal) -> ConfigurationValue {
        if case .text(let text) = value, kind == .path, text.isEmpty, defaultValue != .text("") {
            throw Refusal(kind: .wrongType, sentence: "\(name) must be a path, not empty.")
        }
        guard !holdsNUL(value) else {
            throw Refusal(kind: .wrongType, sentence: "\(name) must not hold a NUL character.")
        }
        guard kind.holds(value) else {
            if case .choice = kind { throw wrongType(text) }
            let counted = unit.isEmpty ? "" : " \(unit)"
            throw Refusal(kind: .outOfRange, sentence: "\(name) must be \(kind.bounds)\(counted)\(found(text)).")
        }
        if let complaint = check(value) {
            throw Refusal(kind: .refused, sentence: "\(name) \(complaint)\(found(text)).")
        }
        return value
    }

    /// The refusal of something that is not of the key's kind.
    func wrongType(_ text: String, quoted: Bool = true) -> Refusal {
        Refusal(kind: .wrongType, sentence: "\(name) must be \(kind.expectation)\(found(text, quoted: quoted)).")
    }

    private func found(_ text: String, quoted: Bool = true) -> String {
        isSecret ? "" : ", not " + (quoted ? YAMLText.shown(text) : text)
    }

    private func integer(_ text: String) -> ConfigurationValue? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        // Digits alone fail to be a number only by being too many.
        return .integer(Int(text) ?? (digits.count < text.utf8.count ? .min : .max))
    }

    private func absolute(_ path: String, base: String) -> String {
        if path.hasPrefix("/") { return path }
        return base.hasSuffix("/") ? base + path : base + "/" + path
    }

    private func trimmed(_ text: Substring) -> String {
        let body = text.drop { $0 == " " }
        let end = body.lastIndex { $0 != " " }
        return end.map { String(body[...$0]) } ?? ""
    }

    private func holdsNUL(_ value: ConfigurationValue) -> Bool {
        switch value {
        case .text(let text): text.utf8.contains(0)
        case .list(let texts): texts.contains { $0.utf8.contains(0) }
        case .boolean, .integer, .duration, .size: false
        }
    }
}

extension ConfigurationDefinition {
    /// The default as it takes effect: a relative path begins at `base`.
    func effectiveDefault(base: String) -> ConfigurationValue {
        guard case .path = kind, case .text(let path) = defaultValue, !path.isEmpty else { return defaultValue }
        return .text(absolute(path, base: base))
    }
}
