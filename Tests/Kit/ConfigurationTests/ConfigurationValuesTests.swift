import Configuration
import RandomTestSupport
import Testing

struct ConfigurationValuesTests {
    private func values() throws -> ConfigurationValues {
        try Example.read(
            "pool:\n  drain_timeout: 1500ms\ngreeting: \"J\u{FC}rgen\\n\"\ncors:\n  origins: [a, b]\n"
                + "registration:\n  open: true",
            environment: ["APP_HTTP_LIMITS_BODY": "1GiB", "APP_DATABASE_PASSWORD_FILE": "/run/s"],
            flags: [ConfigurationFlag(name: "log.level", value: "debug", spelling: "--log-level")],
            secretFile: { _ in Array("secret".utf8) }
        )
    }

    @Test func `values pass to another process with their origins`() throws {
        let sent = try values()
        let received = try ConfigurationValues(json: sent.json(), table: Example.table)
        #expect(received.listing() == sent.listing())
        #expect(received[Example.drain] == .milliseconds(1500))
        #expect(received[Example.greeting] == "J\u{FC}rgen\n")
        #expect(received[Example.origins] == ["a", "b"])
        #expect(received[Example.open] == true)
        #expect(received[Example.body] == 1 << 30)
        #expect(received[Example.password] == "secret")
        #expect(received[Example.level] == .debug)
        #expect(received[Example.threads] == 16)
        #expect(received.origin(of: Example.workers) == .byDefault(rule: "the number of processors"))
        #expect(received.json() == sent.json())
    }

    @Test func `a foreign document is refused in words`() throws {
        func refusal(_ json: String, table: ConfigurationTable = Example.table) -> String? {
            do throws(ConfigurationDocumentError) {
                _ = try ConfigurationValues(json: Array(json.utf8), table: table)
                return nil
            } catch {
                return error.description
            }
        }
        let json = String(decoding: try values().json(), as: UTF8.self)
        #expect(refusal(json) == nil)
        #expect(refusal("") == "The configuration is not JSON. Line 1, column 1: the text ends too early.")
        for document in ["[]", "{}", #"{"configuration":2,"values":[]}"#, #"{"configuration":1}"#] {
            #expect(refusal(document) == "The document is not a configuration.")
        }
        #expect(refusal(#"{"configuration":1,"values":[]}"#) == "The configuration lacks pool.threads.")
        #expect(refusal(#"{"configuration":1,"values":[1]}"#) == "A setting of the configuration is malformed.")
        #expect(
            refusal(json.replacing("pool.threads", with: "pool.fibres"))
                == "The configuration holds pool.fibres, which is not known here."
        )
        for bad in [#""x""#, "0", "16.5", "null"] {
            #expect(
                refusal(json.replacing(#""value":16,"#, with: "\"value\":\(bad),"))
                    == "The configuration holds a value of pool.threads that is not allowed."
            )
        }
        let smaller = ConfigurationTable(prefix: "APP", [Example.threads])
        #expect(refusal(json, table: smaller) == "The configuration holds pool.workers, which is not known here.")
    }

    @Test func `a mutated document is read or refused, never more`() throws {
        var generator = SeededGenerator(seed: 5)
        let source = try values().json()
        for _ in 0..<3_000 {
            var bytes = source
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0x20...0x7E, using: &generator)
            }
            do throws(ConfigurationDocumentError) {
                _ = try ConfigurationValues(json: bytes, table: Example.table)
            } catch {
                #expect(error.description.hasSuffix("."))
            }
        }
    }

    @Test func `the listing shows every key in the order of the table`() throws {
        let listing = try values().listing()
        #expect(listing.map(\.name) == Example.table.definitions.map(\.name))
        let lines = listing.map { "\($0.name) = \($0.value) (\($0.origin))" }
        #expect(
            lines == [
                "pool.threads = 16 (default)",
                "pool.workers = 64 (default (the number of processors))",
                "pool.drain_timeout = 1500ms (app.yaml:2)",
                "sessions.idle = 14d (default)",
                "http.limits.body = 1GiB (environment variable APP_HTTP_LIMITS_BODY)",
                "registration.open = true (app.yaml:7)",
                "greeting = J\u{FC}rgen\n (app.yaml:3)",
                "database.password = (hidden) (/run/s, named by environment variable APP_DATABASE_PASSWORD_FILE)",
                "database.file = /srv/data/data/main.db (default)",
                "log.file =  (default)",
                "log.level = debug (flag --log-level)",
                "mode = safe (default)",
                "cors.origins = a,b (app.yaml:5)",
            ]
        )
    }

    @Test(
        arguments: [
            ("100ms", .milliseconds(100)), ("1s", .seconds(1)), ("90s", .seconds(90)), ("2m", .seconds(120)),
            ("1500ms", .milliseconds(1_500)), ("1h", .seconds(3_600)), ("14d", .seconds(1_209_600)),
            ("7us", .microseconds(7)),
            ("1ns", .nanoseconds(1)), ("0s", .zero),
        ] as [(String, Duration)]
    )
    func `a duration reads and is shown with its largest whole unit`(text: String, duration: Duration) throws {
        let key = ConfigurationKey.duration("d", in: .zero...(.nanoseconds(Int64.max)), default: .zero, reason: "Test.")
        let table = ConfigurationTable(prefix: "T", [key])
        let values = try table.read(yaml: Array("d: \(text)".utf8), file: "f", base: "/")
        #expect(values[key] == duration)
        #expect(values.listing().first?.value == text)
    }

    @Test(arguments: ["", "s", "1", "1.5s", "-1s", "1 s", "1S", "1sec", "1h30m", "+1s", "1e3s", "\u{661}s"])
    func `what is no duration is refused`(text: String) {
        #expect(Example.mistakes("pool:\n  drain_timeout: \"\(text)\"").count == 1)
        #expect(Example.mistakes("http:\n  limits:\n    body: \"\(text)\"").count == 1)
    }
}
