internal import ArgumentParser
internal import Consumers
internal import Cryptography
internal import Domain
internal import Mail
internal import Security

/// `gatehouse mail`: whether mail leaves the machine.
struct MailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail",
        abstract: "Tries the mail.* settings.",
        subcommands: [Test.self]
    )

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Sends a mail to an address, as the instance would, and tells what became of it.",
            discussion: "Works without a running pool. That it was sent means that the mail server has taken it."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "Where the mail goes.") var address: String

        func run() throws {
            try Failure.reporting {
                guard let recipient = try? EmailAddress(address) else {
                    throw Failure(.usage, "\(address) is no mail address")
                }
                guard let mail = try Settings(directory: instance.directory).mail else {
                    throw Failure(.configuration, "mail.mode is off: nothing is sent")
                }
                try CryptographyLibrary.initialize()
                let now = KernelClock().now()
                let letter = Letter(.test, to: recipient, name: "", at: now)
                let id = UUID(at: now, from: SecureRandomSource()).description
                let message = try mail.makeWriter().message(letter, id: id)
                let transport = try mail.makeTransport()
                do throws(MailFailure) {
                    try transport.send(message, until: { false })
                } catch {
                    throw Failure("the mail was not sent: \(error)")
                }
                try Output.line("the mail was sent, with the Message-ID \(id)")
            }
        }
    }
}
