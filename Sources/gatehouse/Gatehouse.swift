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
            CacheCommand.self, Config.self, GraphQLCommand.self, Doctor.self, Demo.self, MailCommand.self, Backup.self,
            Restore.self, Setup.self,
            WorkerProcess.self, MaintenanceProcess.self,
        ]
    )
}

/// The version of the program; the one place where it stands.
enum Version {
    static let text = "0.1.0"
}
