/// Where an effective value, or a mistake, comes from.
///
/// Its description is meant for people: `/etc/app.yaml:12`, `environment variable APP_POOL_THREADS`.
public enum ConfigurationOrigin: Sendable, Equatable {
    /// A line of the file, from 1; nil for the file as a whole.
    case file(path: String, line: Int?)
    /// An environment variable.
    case environment(variable: String)
    /// A file that an environment variable names, which ends in `_FILE`.
    case environmentFile(variable: String, path: String)
    /// A flag of the command line, as it was written.
    case flag(String)
    /// Nobody set it; with the rule if the default is computed.
    case byDefault(rule: String?)
}

extension ConfigurationOrigin: CustomStringConvertible {
    /// The origin in words.
    ///
    /// Short enough for a column of a listing.
    public var description: String {
        switch self {
        case .file(let path, let line?): "\(path):\(line)"
        case .file(let path, nil): path
        case .environment(let variable): "environment variable \(variable)"
        case .environmentFile(let variable, let path): "\(path), named by environment variable \(variable)"
        case .flag(let text): "flag \(text)"
        case .byDefault(let rule?): "default (\(rule))"
        case .byDefault(nil): "default"
        }
    }
}
