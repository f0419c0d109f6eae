internal import ArgumentParser

/// The command line.
@main
struct Gatehouse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Keeps the accounts of a site: a FastCGI application behind nginx.",
        version: Version.text,
        subcommands: [
            Serve.self, Reload.self, Upgrade.self, Workers.self, Stop.self, Status.self, Top.self,
            Migrate.self, Users.self, Sessions.self, Keys.self, Audit.self, Webhooks.self, Limits.self, Logs.self,
            CacheCommand.self, Config.self, GraphQLCommand.self, Doctor.self, Demo.self, Explain.self, MailCommand.self,
            Backup.self, Restore.self, DataCommand.self, Setup.self,
            WorkerProcess.self, MaintenanceProcess.self,
        ]
    )

    /// Runs the command that the arguments name.
    ///
    /// What the supervisor starts is parsed apart: to find it among all commands took a sixth of a reload's processor time.
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let started: [(name: [String], command: any ParsableCommand.Type)] = [
            (SupervisedProcess.worker, WorkerProcess.self), (SupervisedProcess.maintenance, MaintenanceProcess.self),
            (SupervisedProcess.check, Config.Resolve.self),
        ]
        for (name, command) in started where arguments.starts(with: name) {
            return command.main(Array(arguments.dropFirst(name.count)))
        }
        main(arguments)
    }
}

/// What the supervisor starts, as the first arguments of this program.
enum SupervisedProcess {
    static let worker = ["worker"]
    static let maintenance = ["maintenance"]
    static let check = ["config", "resolve"]
}

/// The version of the program; the one place where it stands.
enum Version {
    static let text = "0.1.0"
}
