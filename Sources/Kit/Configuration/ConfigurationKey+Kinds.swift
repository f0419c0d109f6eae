extension ConfigurationKey where Value == Bool {
    /// A key that is `true` or `false`.
    ///
    /// Nothing else is taken for a truth value (not `yes`, not `1`).
    public static func boolean(
        _ name: String,
        summary: String = "",
        default value: @autoclosure @escaping @Sendable () -> Bool,
        rule: String? = nil,
        reason: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .boolean,
                computeDefault: { .boolean(value()) },
                check: { _ in nil }
            ),
            decode: { if case .boolean(let value) = $0 { value } else { nil } }
        )
    }
}

extension ConfigurationKey where Value == Int {
    /// A key that counts something.
    ///
    /// Written in decimal digits, with a minus if the range allows it.
    public static func integer(
        _ name: String,
        summary: String = "",
        in range: ClosedRange<Int>,
        default value: @autoclosure @escaping @Sendable () -> Int,
        rule: String? = nil,
        unit: String = "",
        reason: String,
        check: (@Sendable (Int) -> String?)? = nil
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> Int? = { if case .integer(let value) = $0 { value } else { nil } }
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: unit,
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .integer(range),
                computeDefault: { .integer(value()) },
                check: { value in decode(value).flatMap { check?($0) } }
            ),
            decode: decode
        )
    }

    /// A key that is a number of bytes.
    ///
    /// Written with a unit: `B`, `KiB`, `MiB`, `GiB` or `TiB`.
    public static func size(
        _ name: String,
        summary: String = "",
        in range: ClosedRange<Int>,
        default value: @autoclosure @escaping @Sendable () -> Int,
        rule: String? = nil,
        reason: String,
        check: (@Sendable (Int) -> String?)? = nil
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> Int? = { if case .size(let bytes) = $0 { bytes } else { nil } }
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .size(bytes: range),
                computeDefault: { .size(bytes: value()) },
                check: { value in decode(value).flatMap { check?($0) } }
            ),
            decode: decode
        )
    }
}

extension ConfigurationKey where Value == Duration {
    /// A key that is a length of time.
    ///
    /// Written as a whole number with a unit: `ns`, `us`, `ms`, `s`, `m`, `h` or `d` (24 hours). Held in nanoseconds,
    /// up to 292 years.
    public static func duration(
        _ name: String,
        summary: String = "",
        in range: ClosedRange<Duration>,
        default value: @autoclosure @escaping @Sendable () -> Duration,
        rule: String? = nil,
        reason: String,
        check: (@Sendable (Duration) -> String?)? = nil
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> Duration? = {
            if case .duration(let nanoseconds) = $0 { .nanoseconds(nanoseconds) } else { nil }
        }
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .duration(nanoseconds: nanoseconds(range.lowerBound)...nanoseconds(range.upperBound)),
                computeDefault: { .duration(nanoseconds: nanoseconds(value())) },
                check: { value in decode(value).flatMap { check?($0) } }
            ),
            decode: decode
        )
    }

    /// What does not fit in 64 bits is the nearest that does.
    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (product, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        if overflowed || carried { return seconds < 0 ? .min : .max }
        return sum
    }
}

extension ConfigurationKey where Value == String {
    /// A key that is a text.
    ///
    /// Any characters but NUL; what it may be is for `check` to say. A secret one is never shown, and may be read from
    /// a file that an environment variable names.
    public static func text(
        _ name: String,
        summary: String = "",
        default value: @autoclosure @escaping @Sendable () -> String,
        rule: String? = nil,
        reason: String,
        isSecret: Bool = false,
        check: (@Sendable (String) -> String?)? = nil
    ) -> ConfigurationKey {
        text(name, .text, summary, value, rule, reason, isSecret: isSecret, check)
    }

    /// A key that is the path of a file or folder.
    ///
    /// The value is absolute: a relative path begins at the base that the reader of the configuration hands in. Empty
    /// is allowed only where the default is empty.
    public static func path(
        _ name: String,
        summary: String = "",
        default value: @autoclosure @escaping @Sendable () -> String,
        rule: String? = nil,
        reason: String,
        check: (@Sendable (String) -> String?)? = nil
    ) -> ConfigurationKey {
        text(name, .path, summary, value, rule, reason, isSecret: false, check)
    }

    /// A key that is one of some texts.
    ///
    /// Where the texts are the cases of an enumeration, use the function that takes one.
    public static func choice(
        _ name: String,
        summary: String = "",
        _ choices: [String],
        default value: @autoclosure @escaping @Sendable () -> String,
        rule: String? = nil,
        reason: String
    ) -> ConfigurationKey {
        text(name, .choice(choices), summary, value, rule, reason, isSecret: false, nil)
    }

    private static func text(
        _ name: String,
        _ kind: ConfigurationKind,
        _ summary: String,
        _ value: @escaping @Sendable () -> String,
        _ rule: String?,
        _ reason: String,
        isSecret: Bool,
        _ check: (@Sendable (String) -> String?)?
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> String? = { if case .text(let text) = $0 { text } else { nil } }
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: isSecret,
                kind: kind,
                computeDefault: { .text(value()) },
                check: { value in decode(value).flatMap { check?($0) } }
            ),
            decode: decode
        )
    }
}

extension ConfigurationKey
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// A key that is a case of an enumeration.
    ///
    /// Written as the raw value of the case.
    public static func choice(
        _ name: String,
        summary: String = "",
        default value: @autoclosure @escaping @Sendable () -> Value,
        rule: String? = nil,
        reason: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .choice(Value.allCases.map(\.rawValue)),
                computeDefault: { .text(value().rawValue) },
                check: { _ in nil }
            ),
            decode: { if case .text(let text) = $0 { Value(rawValue: text) } else { nil } }
        )
    }
}

extension ConfigurationKey where Value == [String] {
    /// A key that is a list of texts.
    ///
    /// In the file a list; in the environment and in flags the texts stand with commas between them, so that a text
    /// with a comma in it can stand in the file only.
    public static func list(
        _ name: String,
        summary: String = "",
        default value: @autoclosure @escaping @Sendable () -> [String],
        rule: String? = nil,
        reason: String,
        check: (@Sendable ([String]) -> String?)? = nil
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> [String]? = {
            if case .list(let texts) = $0 { texts } else { nil }
        }
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "",
                reason: reason,
                defaultRule: rule,
                isSecret: false,
                kind: .list,
                computeDefault: { .list(value()) },
                check: { value in decode(value).flatMap { check?($0) } }
            ),
            decode: decode
        )
    }
}
