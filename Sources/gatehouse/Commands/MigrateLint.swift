internal import ArgumentParser
internal import Database
internal import JSON
internal import Linux
internal import Storage

extension Migrate {
    /// `gatehouse migrate lint`: holds statements against the rules of a database in use.
    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint",
            abstract:
                "Refuses statements for PostgreSQL that lock or rewrite tables in use, or break the program before.",
            discussion: """
                Looks at the migrations of this program, or at scripts, in the order in which they are named; "-" is standard \
                input. A script is taken for one transaction, and for a step that adds. Exit code 1 where anything is \
                refused.
                """
        )

        @OptionGroup var output: JSONFlag
        @Flag(help: "The scripts may take away what the program before needs.") var contract = false
        @Flag(help: "Each statement of the scripts is run by itself.") var noTransaction = false
        @Argument(help: "Scripts of SQL.") var files: [String] = []

        func run() throws {
            try Failure.reporting {
                let findings = files.isEmpty ? MigrationLint.findings(in: Schema.migrations) : try findings(in: files)
                try output.json ? showJSON(findings) : show(findings)
                let refused = findings.count { $0.acceptance == nil }
                guard refused == 0 else { throw Failure(refused == 1 ? "1 refusal" : "\(refused) refusals") }
                if !output.json { try Output.line("nothing is refused") }
            }
        }

        private func findings(in files: [String]) throws -> [MigrationLint.Finding] {
            var lint = MigrationLint()
            return try files.flatMap { file in
                let name = file == "-" ? "standard input" : file
                let script = String(decoding: try read(file), as: UTF8.self)
                // Whoever pipes something that has failed is not to be told that nothing is refused.
                guard !script.allSatisfy(\.isWhitespace) else { throw Failure("there is no statement in \(name)") }
                return lint.findings(
                    in: script,
                    named: name,
                    phase: contract ? .contract : .expand,
                    isOneTransaction: !noTransaction
                )
            }
        }

        private func read(_ file: String) throws -> [UInt8] {
            guard file == "-" else { return try Files.read(file) }
            let input = FileDescriptor(owning: 0)
            let bytes = Result { () throws(SystemError) in try input.readAll(limit: 16 << 20) }
            _ = input.release()
            return try bytes.get()
        }

        private func show(_ findings: [MigrationLint.Finding]) throws {
            for finding in findings {
                let place = finding.line.map { "\(finding.source):\($0)" } ?? finding.source
                let statement = finding.statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                try Output.lines(
                    [
                        "\(place): \(finding.acceptance == nil ? "" : "accepted: ")\(finding.rule.rawValue)",
                        "    \(statement.count > 100 ? "\(statement.prefix(100)) ..." : statement)",
                    ]
                        + (finding.acceptance.map { ["    because \($0)"] } ?? [
                            "    \(finding.rule.reason)",
                            "    instead: \(finding.rule.safeForm)",
                        ])
                )
            }
        }

        private func showJSON(_ findings: [MigrationLint.Finding]) throws {
            var list = ListOutput<MigrationLint.Finding>(asJSON: true, head: [], row: { _ in [] }) { finding, writer in
                writer.object { document in
                    document.member("source", finding.source)
                    document.member("line", finding.line)
                    document.member("rule", finding.rule.rawValue)
                    document.member("statement", finding.statement)
                    document.member("reason", finding.rule.reason)
                    document.member("instead", finding.rule.safeForm)
                    document.member("acceptance", finding.acceptance)
                }
            }
            try list.show(findings)
            try list.finish()
        }
    }
}
