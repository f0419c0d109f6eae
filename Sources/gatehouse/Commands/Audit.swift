internal import API
internal import ArgumentParser
internal import Domain
internal import JSON
internal import Services

/// `gatehouse audit`: who did what, and whether that is as it was written.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks and copies the record of who did what.",
        subcommands: [Verify.self, Export.self]
    )

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Finds every event that was changed, taken out, put in or moved.",
            discussion: """
                Prints a mark of the last event. Note it somewhere else and give it back by --expect: against who makes \
                the whole chain anew nothing else helps. Exits with 1 where something is not as it was written.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @Option(help: "A mark that was printed before, as <number>:<digits>; may be given several times.")
        var expect: [AuditMark] = []
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Failure.reporting {
                let audit = try CommandComposition(settings: Settings(directory: instance.directory)).services.audit
                var faults: [AuditFault] = []
                let report = try audit.verify(expecting: expect) { fault in
                    faults.append(fault)
                    if !output.json { try Output.line("\(fault)") }
                }
                if output.json {
                    try Output.document { Self.write(report, faults, to: &$0) }
                } else if faults.isEmpty {
                    try Output.line("\(report.count) events are as they were written")
                    if report.pending > 0 { try Output.line("\(report.pending) newer ones are not in the chain yet") }
                    try Output.line("mark \(report.head)")
                }
                guard faults.isEmpty else { throw Failure("the record is not as it was written") }
            }
        }

        private static func write(_ report: AuditReport, _ faults: [AuditFault], to writer: inout JSONWriter) {
            writer.object { members in
                members.member("count", report.count)
                members.member("pending", report.pending)
                members.member("mark", report.head.description)
                members.member("faults", faults.map(\.description))
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Prints the record, the oldest event first, as a JSON document a line.",
            discussion: "Give the last number that was printed by --after to get what has come since."
        )

        @OptionGroup var instance: InstanceOptions
        @Option(help: "Only events after this number.") var after: Int64 = 0

        func run() throws {
            try Failure.reporting {
                let audit = try CommandComposition(settings: Settings(directory: instance.directory)).services.audit
                try audit.walk(after: after, by: Operator()) { records in
                    var bytes: [UInt8] = []
                    for record in records {
                        var writer = JSONWriter()
                        ResourceDocument.write(record, to: &writer)
                        writer.newline()
                        bytes += writer.bytes
                    }
                    try Output.write(bytes)
                }
            }
        }
    }
}

extension AuditMark: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
