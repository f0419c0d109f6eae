internal import Configuration
internal import Domain

/// The settings of mail.
extension SettingKeys {
    /// All of them, in the order of the file.
    static var mail: [any ConfigurationEntry] {
        [
            mailMode, mailDirectory, mailSender, mailHost, mailPort, mailSecurity, mailUser, mailPassword,
            mailAuthorities,
            mailTemplates, mailLink, mailTokenLife, mailNotices,
        ]
    }

    static let mailMode = ConfigurationKey<MailMode>.choice(
        "mail.mode",
        summary: "What becomes of mail: off, directory (files to look at), or smtp. With off nothing is done by mail.",
        default: .off,
        reason: "Only the operator knows a mail server; scripts/run writes into a directory."
    )

    static let mailDirectory = ConfigurationKey<String>.path(
        "mail.directory",
        summary: "Where mails are written with mail.mode directory.",
        default: "mail",
        reason: "Beside everything else of the instance."
    )

    static let mailSender = ConfigurationKey<String>.text(
        "mail.sender",
        summary:
            "The address that mails come from, and to which a mail server sends those back that it cannot deliver.",
        default: "gatehouse@localhost",
        reason: "Mail servers want a domain that is theirs.",
        check: { (try? EmailAddress($0)) == nil ? "must be a mail address" : nil }
    )

    static let mailHost = ConfigurationKey<String>.text(
        "mail.host",
        summary: "The mail server, by name or address.",
        default: "localhost",
        reason: "Many machines have one that sends on."
    )

    static let mailPort = ConfigurationKey<Int>.integer(
        "mail.port",
        summary: "Its port.",
        in: 1...65_535,
        default: 587,
        unit: "",
        reason: "The port for submission (RFC 6409); 465 with security tls, 25 for a server on the same machine."
    )

    static let mailSecurity = ConfigurationKey<MailSecurity>.choice(
        "mail.security",
        summary: "How the connection is kept secret: starttls, tls (from the first byte), or none.",
        default: .starttls,
        reason: "Mails bring tokens; none is for a server on the same machine."
    )

    static let mailUser = ConfigurationKey<String>.text(
        "mail.user",
        summary: "Who signs in at the mail server; empty where nobody does.",
        default: "",
        reason: "Only the mail server's operator knows."
    )

    static let mailPassword = ConfigurationKey<String>.text(
        "mail.password",
        summary: "The password for it.",
        default: "",
        reason: "Better in a file that GATEHOUSE_MAIL_PASSWORD_FILE names than in this one.",
        isSecret: true
    )

    static let mailAuthorities = ConfigurationKey<String>.path(
        "mail.authorities",
        summary: "A file of certificates to trust at the mail server; empty for the system's.",
        default: "",
        reason: "A site's own authority is mostly not among the system's."
    )

    static let mailTemplates = ConfigurationKey<String>.path(
        "mail.templates",
        summary: "The directory of the texts, two files for each mail; empty for those that came with the program.",
        default: "",
        reason: "Copy them to change them: share/gatehouse/mail."
    )

    static let mailLink = ConfigurationKey<String>.text(
        "mail.link",
        summary:
            "Where the site takes the tokens of mails: the beginning of an https address; empty shows tokens alone.",
        default: "",
        reason: "Only the site knows; a mail leads to LINK/password-reset#token=... and its like.",
        check: { link in
            let isAddress = link.hasPrefix("https://") || link.hasPrefix("http://")
            return link.isEmpty || isAddress && !link.contains { " #\"<>".contains($0) || $0.isNewline }
                ? nil : "must begin with https:// and hold no spaces, quotes or #"
        }
    )

    static let mailTokenLife = ConfigurationKey<Duration>.duration(
        "mail.token_life",
        summary: "How long the token of a mail is good.",
        in: .seconds(600)...(.seconds(3600)),
        default: .seconds(1800),
        reason: "Mail may take minutes; who finds a mailbox open an hour later finds nothing of use."
    )

    static let mailNotices = ConfigurationKey<Bool>.boolean(
        "mail.notices",
        summary: "Whether users are told of new sign-ins, and of changed passwords, addresses and keys.",
        default: true,
        reason: "The first who notices a stolen password is its owner."
    )
}

/// What becomes of mail.
enum MailMode: String, CaseIterable, Sendable {
    case off
    case directory
    case smtp
}

/// How a connection to the mail server is kept secret.
enum MailSecurity: String, CaseIterable, Sendable {
    case none
    case starttls
    case tls
}
