import Configuration
import RandomTestSupport
import Testing

struct ConfigurationFileTests {
    // MARK: - Values

    @Test(arguments: [
        "", "\n", "# nothing\n", "---\n", "pool:\n", "pool:\n  # threads: 3\nhttp:\n  limits:\n", "\u{FEFF}", "{}", "~",
    ])
    func `a file that sets nothing gives the defaults`(yaml: String) throws {
        let values = try Example.read(yaml)
        #expect(values[Example.threads] == 16)
        #expect(values[Example.drain] == .seconds(30))
        #expect(values[Example.body] == 65_536)
        #expect(values[Example.open] == false)
        #expect(values[Example.level] == .info)
        #expect(values[Example.mode] == "safe")
        #expect(values[Example.origins] == [])
        #expect(values[Example.file] == "/srv/data/data/main.db")
        #expect(values[Example.log] == "")
        #expect(values.origin(of: Example.threads) == .byDefault(rule: nil))
    }

    @Test func `a computed default is brought into the bounds and tells its rule`() throws {
        let values = try Example.read()
        #expect(values[Example.workers] == 64)
        #expect(values.origin(of: Example.workers) == .byDefault(rule: "the number of processors"))
    }

    @Test func `every kind of value is read with its line`() throws {
        let values = try Example.read(
            """
            pool:
              threads: 8        # a comment
              drain_timeout: 500ms
            sessions: {idle: 90d}
            http:
              limits:
                body: "1MiB"
            registration:
              open: true
            greeting: 'it''s 5'
            database.file: /var/lib/main.db
            log:
              file: logs/app.log
              level: debug
            mode: fast
            cors:
              origins:
                - https://a.example
                - "b, c"
            """
        )
        #expect(values[Example.threads] == 8)
        #expect(values[Example.drain] == .milliseconds(500))
        #expect(values[Example.idle] == .seconds(90 * 86_400))
        #expect(values[Example.body] == 1 << 20)
        #expect(values[Example.open] == true)
        #expect(values[Example.greeting] == "it's 5")
        #expect(values[Example.file] == "/var/lib/main.db")
        #expect(values[Example.log] == "/srv/data/logs/app.log")
        #expect(values[Example.level] == .debug)
        #expect(values[Example.mode] == "fast")
        #expect(values[Example.origins] == ["https://a.example", "b, c"])
        #expect(values.origin(of: Example.threads) == .file(path: "app.yaml", line: 2))
        #expect(values.origin(of: Example.origins) == .file(path: "app.yaml", line: 17))
    }

    @Test(arguments: ["true", "1.0", "0x10", "2001-01-01", "yes", "\"null\"", "|\n  null\n"])
    func `a text stays as it was written whatever else it could mean`(text: String) throws {
        let value = try Example.read("greeting: \(text)\n")[Example.greeting]
        #expect(value == text.filter { $0 != "\"" } || value == "null\n")
    }

    // MARK: - Mistakes

    @Test(
        arguments: [
            ("pool:\n  thread: 8", "app.yaml:2: \"pool.thread\" is not known. Did you mean pool.threads?"),
            ("pol:\n  threads: 8", "app.yaml:1: \"pol\" is not known. Did you mean pool?"),
            (
                "registratoin.open: true",
                "app.yaml:1: \"registratoin.open\" is not known. Did you mean registration.open?"
            ),
            ("zzzzzzzz: 8", "app.yaml:1: \"zzzzzzzz\" is not known."),
            ("\"a\\nb\": 8", "app.yaml:1: \"a\\nb\" is not known."),
            ("zzzzzzzz:", "app.yaml:1: \"zzzzzzzz\" is not known."),
            ("pool:\n  threads: many", "app.yaml:2: pool.threads must be an integer from 1 to 1024, not \"many\"."),
            ("pool:\n  threads: 1.5", "app.yaml:2: pool.threads must be an integer from 1 to 1024, not \"1.5\"."),
            ("pool:\n  threads: 5000", "app.yaml:2: pool.threads must be from 1 to 1024 threads, not \"5000\"."),
            ("pool:\n  threads: -1", "app.yaml:2: pool.threads must be from 1 to 1024 threads, not \"-1\"."),
            (
                "pool:\n  threads: 99999999999999999999",
                "app.yaml:2: pool.threads must be from 1 to 1024 threads, not \"99999999999999999999\"."
            ),
            ("pool:\n  threads: [1]", "app.yaml:2: pool.threads must be an integer from 1 to 1024, not a list."),
            ("pool:\n  threads: {a: 1}", "app.yaml:2: pool.threads must be an integer from 1 to 1024, not a section."),
            ("pool:\n  threads:", "app.yaml:2: pool.threads has no value; without the line its default would count."),
            (
                "pool:\n  drain_timeout: 30",
                "app.yaml:2: pool.drain_timeout must be a duration from 100ms to 5m, such as 500ms, 30s or 14d, "
                    + "not \"30\"."
            ),
            ("pool:\n  drain_timeout: 1h", "app.yaml:2: pool.drain_timeout must be from 100ms to 5m, not \"1h\"."),
            (
                "pool:\n  drain_timeout: 9999999999999999999d",
                "app.yaml:2: pool.drain_timeout must be from 100ms to 5m, not \"9999999999999999999d\"."
            ),
            (
                "http: {limits: {body: 64KB}}",
                "app.yaml:1: http.limits.body must be a size from 1KiB to 1GiB, such as 512B, 64KiB or 1GiB, "
                    + "not \"64KB\"."
            ),
            ("http: {limits: {body: 1B}}", "app.yaml:1: http.limits.body must be from 1KiB to 1GiB, not \"1B\"."),
            ("registration:\n  open: yes", "app.yaml:2: registration.open must be true or false, not \"yes\"."),
            ("log:\n  level: loud", "app.yaml:2: log.level must be one of debug, info, error, not \"loud\"."),
            ("mode: x", "app.yaml:1: mode must be one of fast, safe, not \"x\"."),
            ("cors:\n  origins: a", "app.yaml:2: cors.origins must be a list of texts, not \"a\"."),
            (
                "cors:\n  origins: [[a]]",
                "app.yaml:2: cors.origins must be a list of texts, not a list of anything else."
            ),
            ("cors:\n  origins: ['*']", "app.yaml:2: cors.origins must name origins, not \"*\"."),
            ("database:\n  file: ''", "app.yaml:2: database.file must be a path, not empty."),
            ("greeting: \"a\\0b\"", "app.yaml:1: greeting must not hold a NUL character."),
            ("pool: 5", "app.yaml:1: pool is a section; its settings stand in the lines below it, indented."),
            ("5", "app.yaml:1: The file must hold settings of the form \"name: value\"."),
            ("- a", "app.yaml:1: The file must hold settings of the form \"name: value\"."),
            ("? [a]\n: b", "app.yaml:1: The name of a setting is expected here, not a list or a section."),
        ]
    )
    func `a mistake is told with its line`(yaml: String, mistake: String) {
        #expect(Example.mistakes(yaml) == [mistake])
    }

    @Test(
        arguments: [
            ("mode: fast\nmode: safe", ["app.yaml:2: mode is already set in line 1."]),
            (
                "pool:\n  threads: 1\n  # c\n  workers: 2\n\n  \"threads\" : 3\n  threads: 4\nmode: x",
                [
                    "app.yaml:6: pool.threads is already set in line 2.",
                    "app.yaml:7: pool.threads is already set in line 2.",
                    "app.yaml:8: mode must be one of fast, safe, not \"x\".",
                ]
            ),
            (
                "pool:\n  threads: 1\nmode: fast\npool:\n  threads: 5000\n",
                ["app.yaml:4: pool is already set in line 1."]
            ),
            ("pool: {threads: 1, threads: 2}", ["app.yaml:1: \"threads\" is set more than once in the same section."]),
            ("pool.threads: 1\npool:\n  threads: 2", ["app.yaml:3: pool.threads is already set in line 1."]),
            (
                "a: 1\r\n'a': 1\r\n",
                ["app.yaml:1: \"a\" is not known.", "app.yaml:2: \"a\" is already set in line 1."]
            ),
        ]
    )
    func `a key that is set twice is told at its second line`(yaml: String, mistakes: [String]) {
        #expect(Example.mistakes(yaml) == mistakes)
    }

    @Test(
        arguments: [
            ("mode: &a fast", "app.yaml:1: Anchors (&name) are not read in this file."),
            ("&a mode: fast", "app.yaml:1: Anchors (&name) are not read in this file."),
            ("pool: &p\n  threads: 1", "Anchors (&name) are not read in this file."),
            ("a: &x [1]\nmode: *x", "app.yaml:2: Anchors (&name) and aliases (*name) are not read in this file."),
            ("mode: *x", "app.yaml:1: Aliases (*name) are not read in this file."),
            ("mode: !!str fast", "app.yaml:1: Tags (!name) are not read in this file."),
            ("mode: !x fast", "app.yaml:1: Tags (!name) are not read in this file."),
            ("pool: !x\n  threads: 1", "Tags (!name) are not read in this file."),
            ("!x mode: fast", "app.yaml:1: Tags (!name) are not read in this file."),
            (
                "mode: fast\n---\nmode: safe",
                "app.yaml:2: The file must be one document, but \"---\" begins another one here."
            ),
            ("pool:\n\tthreads: 1", "app.yaml:2: The line begins with a tab; YAML wants spaces."),
            ("mode: fast\nthreads 5\nmode: x", "app.yaml:"),
            ("mode: \"fast", "app.yaml:"),
            ("pool: [1", "app.yaml:"),
            (
                "mode: a: b",
                "app.yaml:1: The file is not valid YAML here: mapping values are not allowed in this context."
            ),
            ("%YAML 9.9\n---\na: 1", "app.yaml:1:"),
            ("mode: \u{1}", "app.yaml:1: The file holds a character here that YAML does not allow: U+0001."),
            ("# c\n# \u{7F}", "app.yaml:2: The file holds a character here that YAML does not allow: U+007F."),
        ]
    )
    func `what is not YAML or not read of YAML is one clear mistake`(yaml: String, mistake: String) {
        let mistakes = Example.mistakes(yaml)
        #expect(mistakes.count { $0.contains(mistake) } == 1, "\(mistakes)")
    }

    @Test func `bytes that are not UTF-8 are a mistake with a line`() {
        let error = #expect(throws: ConfigurationMistakes.self) {
            try Example.table.read(yaml: Array("a: 1\nb: ".utf8) + [0xFF], file: "f", base: "/")
        }
        #expect(error?.description == "f:2: The file is not UTF-8 here.")
    }

    @Test func `a file that is too large is a mistake`() {
        let yaml = String(repeating: "# comment\n", count: 30_000)
        #expect(Example.mistakes(yaml) == ["app.yaml: The file is larger than 256KiB."])
    }

    @Test func `aliases that stand for very many nodes are refused at once`() {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...40 {
            let reference = "*a\(level - 1)"
            yaml += "a\(level): &a\(level) [\(Array(repeating: reference, count: 9).joined(separator: ","))]\n"
        }
        yaml += "? *a40\n: 1\n? *a40\n: 2\n"
        #expect(
            Example.mistakes(yaml) == ["app.yaml:2: Anchors (&name) and aliases (*name) are not read in this file."]
        )
    }

    @Test func `a key that is set very often is told each time`() {
        #expect(Example.mistakes(String(repeating: "mode: fast\n", count: 1_000)).count == 999)
    }

    @Test(arguments: ["[", "{", "a: [", "- ", "? ", "{a: "])
    func `deep nesting is a mistake`(opening: String) {
        #expect(!Example.mistakes(String(repeating: opening, count: 5_000)).isEmpty)
    }

    @Test func `a sign that begins no anchor is a text`() throws {
        let values = try Example.read("greeting: a & b * c & d\ncors:\n  origins: ['&a', \"*b\", 'c &d', e *d]")
        #expect(values[Example.greeting] == "a & b * c & d")
        #expect(values[Example.origins].count == 4)
    }

    @Test func `all mistakes come together in the order of the file`() {
        let mistakes = Example.mistakes(
            "mode: x\nnonsense: 1\npool:\n  threads: 0\n  threads: 2\nregistration:\n  open: maybe\n",
            environment: ["APP_LOG_LEVEL": "loud", "APP_NONSENSE": "1"],
            flags: [ConfigurationFlag(name: "pool.threads", value: "none", spelling: "--set pool.threads")]
        )
        #expect(mistakes.count == 8)
        #expect(
            mistakes.map { String($0.prefix { $0 != " " }) }.prefix(5) == [
                "app.yaml:1:", "app.yaml:2:", "app.yaml:4:", "app.yaml:5:", "app.yaml:7:",
            ]
        )
        #expect(
            mistakes.last == "flag --set pool.threads: pool.threads must be an integer from 1 to 1024, not \"none\"."
        )
    }

    @Test func `a mistake tells key, kind and origin apart`() {
        let error = #expect(throws: ConfigurationMistakes.self) { try Example.read("pool:\n  theads: 1\nmode: x") }
        #expect(error?.mistakes.map(\.key) == ["pool.theads", "mode"])
        #expect(error?.mistakes.map(\.kind) == [.unknownKey(nearest: "pool.threads"), .wrongType])
        #expect(error?.mistakes.map(\.origin) == [.file(path: "app.yaml", line: 2), .file(path: "app.yaml", line: 3)])
    }

    @Test func `mutated files give values or mistakes, never more`() {
        var generator = SeededGenerator(seed: 11)
        let source = Array(Example.table.commentedFile().replacing("#", with: "").utf8)
        let pieces =
            [
                "&a ", "*a", "!!x ", "---\n", "...\n", "\t", "\"", "'", "[", "{", "}", "]", ": ", "- ", "? ", "|\n",
                ">\n", "%", "@",
                "\n", "\r", "\u{85}", "\u{2028}", "#", "mode: x\n", "\\", "\\uD800", "~", "<<: ",
            ].map { Array($0.utf8) } + [[0xFF], [0x00]]
        for _ in 0..<1_500 {
            var bytes = source
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1 where index < bytes.count: bytes.remove(at: index)
                case 2: bytes.removeSubrange(index...)
                case 3: bytes.removeSubrange(..<index)
                default:
                    bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: index)
                }
            }
            do throws(ConfigurationMistakes) {
                _ = try Example.table.read(yaml: bytes, file: "f", base: "/")
            } catch {
                #expect(error.mistakes.allSatisfy { $0.sentence.hasSuffix(".") || $0.sentence.hasSuffix("?") })
            }
        }
    }
}
