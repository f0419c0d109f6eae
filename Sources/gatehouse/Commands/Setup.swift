internal import ArgumentParser
internal import Linux

/// `gatehouse setup`: an instance on a machine where the package was installed.
struct Setup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Sets up an instance behind nginx, after the installation of the package; for root.",
        discussion: """
            Asks for what it needs and was not given, makes keys, database, configuration, nginx site and the first \
            administrator, and starts the service. It may be run again at any time: what is there stays, and the nginx \
            site is written anew.
            """
    )

    @Option(help: "The directory that holds the instance.") var data = "/var/lib/gatehouse"
    @Option(help: "What people call the site.") var siteName: String?
    @Option(help: "Where nginx listens with TLS: a port, or ADDRESS:PORT.") var listen: String?
    @Option(help: "The certificate, with all intermediate ones.") var certificate: String?
    @Option(help: "The private key of the certificate.") var certificateKey: String?
    @Flag(help: "Makes a certificate that is signed by itself, for a try.") var selfSigned = false
    @Flag(help: "Writes no site, only what a server of yours includes.") var existingSite = false
    @Option(help: "The PostgreSQL server of the database (database.host); without it the database is a file.")
    var databaseHost: String?
    @Option(help: "The name of the database there.") var databaseName: String?
    @Option(help: "The role to be there.") var databaseUser: String?
    @Option(help: "The address of the first administrator.") var adminEmail: String?
    @Option(help: "What the first administrator is called.") var adminName: String?
    @Flag(help: "Reads the administrator's password, one line, from standard input.") var adminPasswordStdin = false
    @Flag(help: "Asks nothing: what is not given has its default, or is an error.") var yes = false

    func run() throws {
        try Failure.reporting {
            let program = try ThisProcess.executablePath()
            let script = "\(Files.directory(of: program))/../share/gatehouse/scripts/setup"
            guard Files.exists(script) else {
                throw Failure("\(script) is not there: setup belongs to the installed package (docs/operations.md)")
            }
            try ChildProcess.replaceThisProcess(
                path: script,
                arguments: [script, "--program", program] + arguments,
                environment: ThisProcess.environment()
            )
        }
    }

    private var arguments: [String] {
        let options = [
            ("--data", data), ("--site-name", siteName), ("--listen", listen), ("--certificate", certificate),
            ("--certificate-key", certificateKey), ("--database-host", databaseHost),
            ("--database-name", databaseName), ("--database-user", databaseUser), ("--admin-email", adminEmail),
            ("--admin-name", adminName),
        ]
        let flags = [
            ("--self-signed", selfSigned), ("--existing-site", existingSite),
            ("--admin-password-stdin", adminPasswordStdin), ("--yes", yes),
        ]
        return options.flatMap { name, value in value.map { [name, $0] } ?? [] } + flags.filter(\.1).map(\.0)
    }
}
