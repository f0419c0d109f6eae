internal import Configuration
internal import Consumers
internal import Curl
internal import Domain
internal import Linux
internal import Mail

/// How mail is sent, in the types of the parts that do it.
struct MailSettings: Sendable {
    private let values: ConfigurationValues

    /// Gives nil where none is sent.
    init?(_ values: ConfigurationValues) {
        guard values[SettingKeys.mailMode] != .off else { return nil }
        self.values = values
    }

    /// For how many seconds a token is good.
    var tokenLife: Int64 { values[SettingKeys.mailTokenLife].components.seconds }
    /// Whether users are told of what concerns their sign-in.
    var sendsNotices: Bool { values[SettingKeys.mailNotices] }

    /// What makes messages; reads the templates.
    ///
    /// - Throws: ``Failure`` where one is missing or wrong.
    func makeWriter() throws -> LetterWriter {
        let directory = try templates
        do {
            return try LetterWriter(
                sender: values[SettingKeys.mailSender],
                site: values[SettingKeys.siteName],
                link: values[SettingKeys.mailLink]
            ) { kind in
                let path = "\(directory)/\(kind.rawValue)"
                return (try Self.text("\(path).txt"), try Self.text("\(path).html"))
            }
        } catch {
            throw Failure(.configuration, "mail.templates: \(error)")
        }
    }

    /// What takes messages away.
    func makeTransport() throws -> any MailTransport {
        guard values[SettingKeys.mailMode] == .smtp else {
            return DirectoryTransport(values[SettingKeys.mailDirectory])
        }
        let security: SMTPServer.Security =
            switch values[SettingKeys.mailSecurity] {
            case .none: .none
            case .starttls: .startTLS
            case .tls: .implicitTLS
            }
        let port = UInt16(clamping: values[SettingKeys.mailPort])
        var server = SMTPServer(host: values[SettingKeys.mailHost], port: port, security: security)
        let (user, password) = (values[SettingKeys.mailUser], values[SettingKeys.mailPassword])
        if !user.isEmpty { server.credentials = SMTPServer.Credentials(user: user, password: password) }
        let authorities = values[SettingKeys.mailAuthorities]
        if !authorities.isEmpty { server.authorities = authorities }
        return try SMTPTransport(server)
    }

    /// Beside the program, as it is installed, where nobody names another place.
    private var templates: String {
        get throws {
            let named = values[SettingKeys.mailTemplates]
            guard named.isEmpty else { return named }
            let parts = try ThisProcess.executablePath().split(separator: "/", omittingEmptySubsequences: false)
            return parts.dropLast(2).joined(separator: "/") + "/share/gatehouse/mail"
        }
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    }
}
