import Testing

extension EndToEndTests {
    /// The contract, as a program sees it that makes up requests from `/openapi.json` alone.
    @Suite struct ConformanceTests {
        @Test(arguments: [("administrator", false), ("member", true), ("nobody", true)])
        func `every answer is as the description promises`(caller: String, registrationIsOpen: Bool) throws {
            var options = Instance.Options()
            options.settings = [
                "GATEHOUSE_REGISTRATION_OPEN=\(registrationIsOpen)", "GATEHOUSE_MAIL_MODE=directory",
                "GATEHOUSE_MAIL_TEMPLATES=\(Program.root)/mail",
            ]
            try Instance.run(options) { instance in
                let command = try Command.run(
                    "\(Program.root)/scripts/conformance",
                    ["--data", instance.directory, "--socket", instance.plainSocket, "--as", caller],
                    environment: ["GATEHOUSE_PROGRAM=\(instance.program)"],
                    within: 110
                )
                #expect(command.succeeded, "\(command.text)\(command.errors)")
                // How long it took, and what was done in that time.
                print(command.text.split(separator: "\n").suffix(12).joined(separator: "\n"))
            }
        }
    }
}
