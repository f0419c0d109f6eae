internal import Linux

/// Programs that are built with the tests, for tests that run them.
public enum BuiltProgram {
    /// That the program does not stand where it is looked for.
    public struct Missing: Error {
        /// The name of the program.
        public let name: String
        /// What it was looked for beside.
        public let place: String
    }

    /// The path of a program: it stands beside the bundle of the tests, or a few folders above.
    public static func path(_ name: String) throws -> String {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
        for count in stride(from: parts.count - 1, to: 0, by: -1) {
            let path = "\(parts[..<count].joined(separator: "/"))/\(name)"
            if Files.exists(path) { return path }
        }
        throw Missing(name: name, place: bundle)
    }
}
