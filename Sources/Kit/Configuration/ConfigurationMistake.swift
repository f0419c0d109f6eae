/// One thing that is wrong with what people wrote.
///
/// Its description is one line: the origin, a colon and the sentence.
public struct ConfigurationMistake: Error, Sendable, Equatable {
    /// What kind of mistake it is.
    ///
    /// For programs; people read the sentence.
    public enum Kind: Sendable, Equatable {
        /// No key has this name; with the nearest name that is known, if one is near.
        case unknownKey(nearest: String?)
        /// No key has this environment variable; with the nearest that is known, if one is near.
        case unknownVariable(nearest: String?)
        /// The value is not of the key's kind.
        case wrongType
        /// The value is outside the key's bounds.
        case outOfRange
        /// The value is refused by the key's own check.
        case refused
        /// The key is set twice in one place.
        case duplicate
        /// The file is not YAML, or uses a part of YAML that is not read.
        case malformed
        /// A file could not be read.
        case unreadable
    }

    /// What kind of mistake it is.
    ///
    /// See ``Kind``.
    public let kind: Kind

    /// The key it is about, nil if it is about the file as a whole.
    ///
    /// An unknown name stands as it was written.
    public let key: String?

    /// Where it was written.
    ///
    /// Never `byDefault`, except in a mistake that the program itself reports about a default.
    public let origin: ConfigurationOrigin

    /// What is wrong, as an English sentence that names the key or the variable.
    ///
    /// It never holds the value of a secret.
    public let sentence: String

    /// Makes a mistake.
    ///
    /// For checks that look at more than one key; see ``ConfigurationValues/mistake(about:_:)``.
    public init(kind: Kind, key: String?, origin: ConfigurationOrigin, sentence: String) {
        self.kind = kind
        self.key = key
        self.origin = origin
        self.sentence = sentence
    }
}

extension ConfigurationMistake: CustomStringConvertible {
    /// The origin and the sentence in one line.
    ///
    /// Such as `app.yaml:3: pool.threads must be from 1 to 1024 threads, not "5000".`
    public var description: String { "\(origin): \(sentence)" }
}

/// All mistakes of one reading.
///
/// Never empty when it is thrown.
public struct ConfigurationMistakes: Error, Sendable, Equatable {
    /// The mistakes: those of the file by line, then those of the environment by name, then those of the flags.
    ///
    /// At least one.
    public let mistakes: [ConfigurationMistake]

    /// Collects mistakes.
    ///
    /// For a program that adds checks of its own.
    public init(_ mistakes: [ConfigurationMistake]) {
        self.mistakes = mistakes
    }
}

extension ConfigurationMistakes: CustomStringConvertible {
    /// One line for each mistake.
    ///
    /// Without a line feed at the end.
    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
