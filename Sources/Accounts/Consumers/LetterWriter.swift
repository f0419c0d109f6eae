package import Domain
internal import JSON
package import Mail

/// Makes messages of letters, by the site's templates.
package struct LetterWriter: Sendable {
    /// What templates may name.
    package static let values: Set<String> = [
        "site", "name", "recipient", "time", "link", "token", "minutes", "client_address", "client_program", "detail",
    ]

    private let templates: [Letter.Kind: MailTemplate]
    private let sender: Mailbox
    private let site: String
    private let link: String

    /// Takes the site's templates.
    ///
    /// - Parameters:
    ///   - sender: the site's address; it is called as the site is.
    ///   - site: what people call the site.
    ///   - link: the beginning of the addresses at which the site takes tokens; empty where there are none.
    ///   - read: gives the text and the HTML of a kind of letter.
    /// - Throws: `MailTemplate.Mistake`, and what `read` throws.
    package init(
        sender: String,
        site: String,
        link: String,
        read: (Letter.Kind) throws -> (text: String, html: String)
    ) throws {
        self.sender = Mailbox(name: site, address: sender)
        self.site = site.isEmpty ? String(sender.split(separator: "@").last ?? "") : site
        self.link = link.hasSuffix("/") ? String(link.dropLast()) : link
        var templates: [Letter.Kind: MailTemplate] = [:]
        for kind in Letter.Kind.allCases {
            let (text, html) = try read(kind)
            templates[kind] = try MailTemplate(name: kind.rawValue, text: text, html: html, values: Self.values)
        }
        self.templates = templates
    }

    /// The message; `id` is the same whenever the same is sent again.
    package func message(_ letter: Letter, id: String) -> MailMessage {
        let values = [
            "site": site,
            "name": letter.name,
            "recipient": letter.recipient.text,
            "time": "\(RFC3339.string(microseconds: letter.instant.microseconds).prefix(19)) UTC"
                .replacing("T", with: " ", maxReplacements: 1),
            "link": letter.token.map { link(to: letter.kind, $0) } ?? "",
            "token": letter.token?.text ?? "",
            "minutes": "\(letter.minutes)",
            "client_address": letter.origin?.address ?? "",
            "client_program": letter.origin?.userAgent ?? "",
            "detail": letter.subject,
        ]
        let filled = templates[letter.kind]?.filled(with: values)
        return MailMessage(
            id: id,
            sender: sender,
            recipient: letter.recipient.text,
            subject: filled?.subject ?? "",
            microseconds: letter.instant.microseconds,
            text: filled?.text ?? "",
            html: filled?.html ?? ""
        )
    }

    /// The token stands behind the "#", which browsers keep to themselves: it comes into no log of a web server.
    private func link(to kind: Letter.Kind, _ token: ConfirmationToken) -> String {
        link.isEmpty ? token.text : "\(link)/\(kind.rawValue)#token=\(token.text)"
    }
}
