/// Why a file cannot be written as a backup, or cannot take the place of a database.
///
/// The facts only: which command of the program mends it, its caller knows.
public enum DatabaseFileError: Error, Hashable, Sendable {
    /// There is no file.
    case missing(path: String)
    /// A file of this name is there already.
    case taken(path: String)
    /// A write-ahead log lies beside the file, which was copied while it served: what the log holds would be lost.
    case hasLog(path: String)
    /// The file is a database of another program.
    case foreign(path: String, applicationID: Int64)
    /// The file is a database without the tables of this program.
    case empty(path: String)
    /// The file is damaged.
    case damaged(path: String, faults: [String])
    /// Rows of a table refer to rows that are not there.
    case danglingReferences(path: String, table: String)
}

extension DatabaseFileError: CustomStringConvertible {
    /// A sentence for the operator.
    public var description: String {
        switch self {
        case .missing(let path): "there is no file \(path)"
        case .taken(let path): "there is a file \(path) already"
        case .hasLog(let path):
            "\(path) has a write-ahead log beside it (\(path)-wal): it is a database that was copied, and no backup"
        case .foreign(let path, let id): "\(path) is the database of another program (application id \(id))"
        case .empty(let path): "\(path) is a database without tables"
        case .damaged(let path, let faults): "\(path) is damaged: \(faults.joined(separator: "; "))"
        case .danglingReferences(let path, let table): "\(path) is damaged: rows of \(table) refer to nothing"
        }
    }
}
