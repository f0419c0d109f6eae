import Configuration
import Testing

struct ConfigurationSourcesTests {
    private struct NoSuchFile: Error, CustomStringConvertible {
        let description = "no such file"
    }

    private func flag(_ assignment: String) throws -> ConfigurationFlag {
        try #require(ConfigurationFlag(assignment: assignment, flag: "--set"))
    }

    // MARK: - Precedence

    @Test func `a flag counts before the environment, that before the file, that before the default`() throws {
        let yaml = "pool:\n  threads: 2\n"
        let environment = ["APP_POOL_THREADS": "3"]
        let flags = [try flag("pool.threads=4"), try flag("pool.threads=5")]

        let all = try Example.read(yaml, environment: environment, flags: flags)
        #expect(all[Example.threads] == 5)
        #expect(all.origin(of: Example.threads) == .flag("--set pool.threads"))

        let two = try Example.read(yaml, environment: environment)
        #expect(two[Example.threads] == 3)
        #expect(two.origin(of: Example.threads) == .environment(variable: "APP_POOL_THREADS"))

        let one = try Example.read(yaml)
        #expect(one[Example.threads] == 2)
        #expect(one.origin(of: Example.threads) == .file(path: "app.yaml", line: 2))
    }

    @Test func `a mistake is told even where a higher place sets the value`() {
        let mistakes = Example.mistakes("pool:\n  threads: x", environment: ["APP_POOL_THREADS": "3"])
        #expect(mistakes.count == 1)
    }

    // MARK: - Environment

    @Test func `values of every kind come from the environment`() throws {
        let values = try Example.read(
            environment: [
                "APP_POOL_DRAIN_TIMEOUT": "2m", "APP_HTTP_LIMITS_BODY": "2MiB", "APP_REGISTRATION_OPEN": "true",
                "APP_GREETING": "", "APP_DATABASE_FILE": "x.db", "APP_LOG_LEVEL": "error", "APP_MODE": "fast",
                "APP_CORS_ORIGINS": "https://a.example, https://b.example",
            ]
        )
        #expect(values[Example.drain] == .seconds(120))
        #expect(values[Example.body] == 2 << 20)
        #expect(values[Example.open] == true)
        #expect(values[Example.greeting] == "")
        #expect(values[Example.file] == "/srv/data/x.db")
        #expect(values[Example.level] == .error)
        #expect(values[Example.mode] == "fast")
        #expect(values[Example.origins] == ["https://a.example", "https://b.example"])
        #expect(try Example.read(environment: ["APP_CORS_ORIGINS": ""])[Example.origins] == [])
    }

    @Test(
        arguments: [
            (
                ["APP_POOL_THREADS": "x"],
                "environment variable APP_POOL_THREADS: APP_POOL_THREADS must be an integer from 1 to 1024, not \"x\"."
            ),
            (
                ["APP_POOL_THREDS": "1"],
                "environment variable APP_POOL_THREDS: APP_POOL_THREDS is not known. Did you mean APP_POOL_THREADS?"
            ),
            (["APP_": "1"], "environment variable APP_: APP_ is not known."),
            (
                ["APP_GREETING_FILE": "/x"],
                "environment variable APP_GREETING_FILE: APP_GREETING_FILE is not known: "
                    + "only a secret can be read from a file of its own."
            ),
        ]
    )
    func `a mistake names the variable`(environment: [String: String], mistake: String) {
        #expect(Example.mistakes(environment: environment) == [mistake])
    }

    @Test func `variables of others are left alone`() throws {
        _ = try Example.read(
            environment: ["PATH": "/bin", "APPLE": "1", "APP": "1", "APP_ADMIN_EMAIL": "a@b.example"],
            ignored: ["APP_ADMIN_EMAIL"]
        )
        #expect(Example.mistakes(environment: ["APP_ADMIN_EMAIL": "a@b.example"]).count == 1)
    }

    // MARK: - Secrets

    @Test func `a secret is read from the file that a variable names`() throws {
        let values = try Example.read(
            environment: ["APP_DATABASE_PASSWORD_FILE": "/run/secret"],
            secretFile: { path in Array("of \(path)\r\n".utf8) }
        )
        #expect(values[Example.password] == "of /run/secret")
        #expect(
            values.origin(of: Example.password)
                == .environmentFile(variable: "APP_DATABASE_PASSWORD_FILE", path: "/run/secret")
        )
    }

    @Test func `a secret file that cannot be used is a mistake`() {
        let environment = ["APP_DATABASE_PASSWORD_FILE": "/run/secret"]
        let name = "environment variable APP_DATABASE_PASSWORD_FILE"
        #expect(
            Example.mistakes(environment: environment, secretFile: { _ in throw NoSuchFile() })
                == ["\(name): The file that APP_DATABASE_PASSWORD_FILE names cannot be read: no such file."]
        )
        #expect(
            Example.mistakes(environment: environment, secretFile: { _ in [0xFF] })
                == ["/run/secret, named by \(name): The file that APP_DATABASE_PASSWORD_FILE names is not UTF-8."]
        )
        #expect(
            Example.mistakes(
                environment: environment.merging(["APP_DATABASE_PASSWORD": "x"]) { $1 },
                secretFile: { _ in [] }
            ) == ["\(name): APP_DATABASE_PASSWORD_FILE and APP_DATABASE_PASSWORD are both set."]
        )
        #expect(Example.mistakes(environment: environment).count == 1)
    }

    @Test func `a secret is shown nowhere`() throws {
        let secret = String(repeating: "s3cret", count: 10)
        let mistakes =
            Example.mistakes("database:\n  password: \(secret)")
            + Example.mistakes(environment: ["APP_DATABASE_PASSWORD": secret])
            + Example.mistakes(
                environment: ["APP_DATABASE_PASSWORD_FILE": "f"],
                secretFile: { _ in Array(secret.utf8) }
            )
            + Example.mistakes("database:\n  password: [\(secret)]")
            + Example.mistakes("database:\n  password: {\(secret): 1}")
            + Example.mistakes(flags: [try flag("database.password=\(secret)")])
        #expect(mistakes.count == 6)
        #expect(mistakes.allSatisfy { !$0.contains("s3cret") }, "\(mistakes)")

        let values = try Example.read("database:\n  password: s3cret")
        #expect(values[Example.password] == "s3cret")
        #expect(values.listing().first { $0.name == "database.password" }?.value == "(hidden)")
        #expect(!"\(values.listing())".contains("s3cret"))
    }

    // MARK: - Flags

    @Test func `an assignment is taken apart at its first equals sign`() {
        #expect(
            ConfigurationFlag(assignment: "a.b=c=d", flag: "--set")
                == ConfigurationFlag(name: "a.b", value: "c=d", spelling: "--set a.b")
        )
        #expect(ConfigurationFlag(assignment: "a=", flag: "-s")?.value == "")
        #expect(ConfigurationFlag(assignment: "=a", flag: "--set") == nil)
        #expect(ConfigurationFlag(assignment: "a", flag: "--set") == nil)
    }

    @Test func `a flag for an unknown key is a mistake`() throws {
        #expect(
            Example.mistakes(flags: [try flag("pool.thread=1")])
                == ["flag --set pool.thread: \"pool.thread\" is not known. Did you mean pool.threads?"]
        )
    }

    // MARK: - Checks of the program

    @Test func `a check over several keys names the place of one`() throws {
        let values = try Example.read("pool:\n  threads: 2")
        let mistake = values.mistake(about: Example.threads, "pool.threads must be even more.")
        #expect(mistake.description == "app.yaml:2: pool.threads must be even more.")
        #expect(ConfigurationMistakes([mistake, mistake]).description.split(separator: "\n").count == 2)
    }
}
