import Testing

extension EndToEndTests {
    /// A share of `scripts/chaos pool`: clients that change and read through nginx, and hold what they see against it.
    @Suite struct ChaosTests {
        @Test func `a pool that is treated badly fails nobody, loses nothing and makes nothing twice`() throws {
            let program = try Program.path()
            let command = try Command.run(
                "\(Program.root)/scripts/chaos",
                [
                    "pool", "--rows", "reload,upgrade,recycle,workers,nginx,kill-worker,kill-supervisor,random",
                    "--reloads", "12", "--upgrades", "4", "--recycle-seconds", "4", "--resizes", "20",
                    "--nginx-reloads", "2", "--kill-seconds", "6", "--supervisor-kills", "3", "--random-seconds", "6",
                ],
                environment: ["GATEHOUSE_PROGRAM=\(program)"],
                within: 120
            )
            #expect(command.succeeded, "\(command.text)\(command.errors)")
            print(command.text.split(separator: "\n").suffix(12).joined(separator: "\n"))
        }
    }
}
