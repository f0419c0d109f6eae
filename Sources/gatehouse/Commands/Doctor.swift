internal import ArgumentParser
internal import Configuration
internal import Console
internal import Doctor
internal import JSON
internal import Linux
internal import Storage

/// `gatehouse doctor`: what is wrong with an instance.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks the whole instance over, and says what mends what is wrong.",
        discussion: """
            A line for each finding: ok, warning or error. It changes nothing, and the pool may serve meanwhile. Exits \
            with 1 where there is an error. Run it as the user of the data directory; as root it can also let nginx test \
            its configuration.
            """
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag
    @Flag(help: "Compares each index of the database with its table too, which takes longer.") var thorough = false

    func run() throws {
        try Failure.reporting {
            let directory = instance.directory
            try directory.checkAccess()
            let checks = try DoctorComposition.checks(of: directory, isThorough: thorough)
            let findings = checks.flatMap { $0.run() }
            let worst = findings.map(\.severity).max() ?? .ok
            if output.json {
                try Output.document { writer in
                    writer.object { document in
                        document.member("status", worst.rawValue)
                        document.member("findings", findings)
                    }
                }
            } else {
                try Output.lines(findings.map(\.line))
            }
            if worst == .error { throw ExitCode(Failure.Kind.other.rawValue) }
        }
    }
}

extension Finding {
    /// For people; never cut, since the end of the sentence is what mends it.
    fileprivate var line: String {
        let columns = [(severity.rawValue, 9), (subject, 13)].map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return columns.joined() + sentence.neutralised
    }
}
