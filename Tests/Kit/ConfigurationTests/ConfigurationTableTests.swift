import Configuration
import Testing

struct ConfigurationTableTests {
    // MARK: - The commented file

    @Test func `the commented file sets nothing and has no mistakes`() throws {
        for text in [Example.table.commentedFile(), Example.table.commentedFile(showingComputed: false)] {
            let values = try Example.read(text)
            #expect(values.listing() == (try Example.read()).listing())
        }
    }

    @Test func `with its settings uncommented it sets every key to its default`() throws {
        let text = Example.table.commentedFile()
        let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let spaces = line.prefix { $0 == " " }
            let rest = line.dropFirst(spaces.count)
            return rest.hasPrefix("#") && !rest.hasPrefix("# ") ? spaces + rest.dropFirst() : line[...]
        }
        let values = try Example.read(uncommented.joined(separator: "\n"))
        let defaults = try Example.read()
        #expect(values.listing().map(\.name) == defaults.listing().map(\.name))
        #expect(values.listing().map(\.value) == defaults.listing().map(\.value))
        for setting in values.listing() {
            guard case .file = setting.origin else {
                Issue.record("\(setting.name) was not set by the file")
                continue
            }
        }
    }

    @Test func `the commented file tells unit, bounds, default, reason and variable`() {
        let text = Example.table.commentedFile()
        #expect(
            text.contains(
                """

                # Workers and their threads.
                pool:

                  # Handler threads of each worker.
                  # Takes an integer from 1 to 1024 (threads).
                  # Default: 16. A thread that waits for a database costs little.
                  # Environment: APP_POOL_THREADS.
                  #threads: 16

                  # Takes an integer from 1 to 64.
                  # Default: the number of processors. More only take turns.
                  # Environment: APP_POOL_WORKERS.
                  #workers: 64

                """
            )
        )
        #expect(text.contains("    #body: 64KiB\n"))
        #expect(text.contains("#greeting: \"Hello: \\\"you\\\" # there\"\n"))
        #expect(text.contains("  #origins: []\n"))
        #expect(
            text.contains(
                "  # Environment: APP_DATABASE_PASSWORD, or APP_DATABASE_PASSWORD_FILE for a file that holds it.\n"
            )
        )
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(Example.table.commentedFile(showingComputed: false).contains("  #workers:\n"))
    }

    @Test(
        arguments: [
            "", "plain", "-dash", "null", "~", "a: b", "# x", "\"", "\\", "tab\there", "line\nfeed",
            "\u{1}\u{7F}\u{85}", "[a]", "*a",
            "J\u{FC}rgen \u{1F600}\u{2028}\u{FEFF}", " space ", "%", "@", "`", "1", "/usr/lib", "a,b",
        ]
    )
    func `any text as default reads back from the commented file`(text: String) throws {
        let key = ConfigurationKey.text("key", default: text, reason: "Test.")
        let list = ConfigurationKey.list("list", default: [text, "x"], reason: "Test.")
        let table = ConfigurationTable(prefix: "T", [key, list])
        let file = table.commentedFile().replacing("#key", with: "key").replacing("#list", with: "list")
        let values = try table.read(yaml: Array(file.utf8), file: "f", base: "/")
        #expect(values[key] == text)
        #expect(values[list] == [text, "x"])
        #expect(values.origin(of: key) != .byDefault(rule: nil))
    }

    @Test func `sections are written once however the keys are ordered`() {
        func key(_ name: String) -> ConfigurationKey<Bool> { .boolean(name, default: true, reason: "Test.") }
        let table = ConfigurationTable(prefix: "T", [key("a.x"), key("b"), key("a.y.z"), key("a.w")])
        let names = table.commentedFile().split(separator: "\n").filter { !$0.contains("# ") }
        #expect(names == ["a:", "  #x: true", "  y:", "    #z: true", "  #w: true", "#b: true"])
    }

    // MARK: - The table

    @Test func `what is wrong with a table is told`() {
        func key(_ name: String) -> ConfigurationKey<Int> { .integer(name, in: 1...2, default: 1, reason: "Test.") }
        func faults(_ entries: any ConfigurationEntry..., prefix: String = "T") -> [String] {
            ConfigurationTable.faults(prefix: prefix, entries)
        }
        #expect(faults(key("a.b"), key("c_1")) == [])
        #expect(faults(key("a"), key("a")) == ["a stands twice."])
        #expect(faults(key("a"), key("a.b")) == ["a is a key and a section."])
        #expect(faults(key("a_b"), key("a.b")) == ["Two keys have the variable T_A_B."])
        #expect(faults(key("A")) == ["The name A is not made of lower-case words and dots."])
        #expect(faults(key("a..b")).count == 1)
        #expect(faults(key("a"), prefix: "t") == ["The prefix t is not an upper-case word."])
        #expect(
            faults(ConfigurationKey.text("a", default: "", reason: "Test.", isSecret: true), key("a_file"))
                == ["Two keys have the variable T_A_FILE."]
        )
        #expect(
            faults(ConfigurationKey.integer("a", in: 1...2, default: 3, unit: "x", reason: "Test."))
                == ["The default is refused: a must be from 1 to 2 x, not \"3\"."]
        )
        #expect(faults(ConfigurationKey.choice("a", ["x"], default: "y", reason: "Test.")).count == 1)
        #expect(ConfigurationTable.faults(prefix: "T", sections: ["x": "X."], [key("a")]) == ["x is not a section."])
        #expect(Example.table.variable("pool.threads") == "APP_POOL_THREADS")
    }
}
