import Linux

/// Where the program under test and what belongs to it lie.
enum Program {
    /// The root of the source tree.
    static let root: String = {
        // Tests/EndToEnd/Support/Program.swift
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }()

    /// The program: what GATEHOUSE_PROGRAM names, else the release build.
    static func path() throws -> String {
        let path = ThisProcess.environmentVariables()["GATEHOUSE_PROGRAM"] ?? "\(root)/.build/release/gatehouse"
        guard Files.exists(path) else {
            throw Failure("no program at \(path): build it with swift build -c release, or set GATEHOUSE_PROGRAM")
        }
        return Files.absolute(path)
    }

    /// A tool of the system, by its name.
    static func tool(_ name: String) throws -> String {
        let places = (ThisProcess.environmentVariables()["PATH"] ?? "").split(separator: ":").map(String.init)
        // Where Debian keeps nginx, which is not on everybody's path.
        for place in places + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"] where Files.exists("\(place)/\(name)") {
            return "\(place)/\(name)"
        }
        throw Failure("\(name) is not installed, and the end-to-end tests need it")
    }

    /// The environment for what the tests start: this one, without settings of an instance that somebody runs.
    static func environment(_ additions: [String]) -> [String] {
        ThisProcess.environment().filter { !$0.hasPrefix("GATEHOUSE_") && !$0.hasPrefix("LC_ALL=") }
            + ["LC_ALL=C.UTF-8"] + additions
    }
}
