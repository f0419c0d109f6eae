import JSON
import Linux
import MetricsTestSupport
import Testing

extension EndToEndTests {
    /// What `/metrics` tells, against what was sent.
    @Suite struct MetricsTests {
        /// A client of nginx on a unix socket, as the tests are, may read it.
        private static let options: Instance.Options = {
            var options = Instance.Options()
            options.settings = [HealthTests.readable]
            return options
        }()

        private func read(_ instance: Instance) throws -> MetricsReader {
            let response = try instance.send(HTTPRequest("GET", "/metrics"))
            #expect(response.status == 200)
            #expect(response["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            return try MetricsReader(response.body)
        }

        private func requests(_ metrics: MetricsReader, _ method: String, _ route: String, _ status: Int) -> Double {
            metrics.sum(
                "gatehouse_requests_total",
                where: ["method": method, "route": route, "status": "\(status)"]
            )
        }

        @Test func `the numbers are those of the load, over two workers, a reload and a worker that is killed`() throws
        {
            try Instance.run(Self.options) { instance in
                let admin = try instance.signIn()
                let before = try read(instance)
                let first = try Load.creatingUsers(on: instance, as: admin, connections: 4)
                try first.goOn(for: 40)
                #expect(try instance.attempt(["reload"]).succeeded)
                try first.goOn(for: 40)
                let load = try first.stop()
                #expect(load.failures == [] && load.refusals == [:])
                for id in load.acknowledged {
                    #expect(try instance.send(HTTPRequest("GET", "/api/users/\(id)", token: admin)).status == 200)
                }
                #expect(try instance.send(HTTPRequest("GET", "/api/me")).status == 401)
                #expect(try instance.send(HTTPRequest("GET", "/api/nobody@example.com")).status == 404)
                #expect(try instance.send(HTTPRequest("GET", "/api/v1/users/\(admin)", token: admin)).status == 404)

                // Its numbers stay; the answer that nginx has may be a moment ahead of them.
                let count = Double(load.acknowledged.count)
                try eventually("all requests are counted") {
                    requests(try read(instance), "GET", "/api/v1/users/{id}", 404) == 1
                }
                try eventually("the old workers have ended") {
                    try instance.workers().count == instance.options.workers
                }
                let killed = Set(try instance.workers().map(\.pid))
                for worker in killed { ChildProcess.send(.kill, to: worker) }
                try eventually("the workers are replaced") {
                    let workers = try instance.workers()
                    return workers.count == instance.options.workers && killed.isDisjoint(with: workers.map(\.pid))
                        && workers.allSatisfy { $0.phase == "ready" }
                }
                let after = try read(instance)
                #expect(requests(after, "POST", "/api/v1/users", 201) == count)
                #expect(requests(after, "GET", "/api/v1/users/{id}", 200) == count)
                #expect(requests(after, "GET", "/api/v1/me", 401) == 1)
                #expect(requests(after, "other", "none", 404) == 1)
                #expect(
                    requests(after, "POST", "/api/v1/sessions", 201)
                        == requests(before, "POST", "/api/v1/sessions", 201)
                )
                for name in ["gatehouse_request_duration_seconds_count", "gatehouse_request_queue_seconds_count"] {
                    #expect(after.sum(name, where: ["method": "POST", "route": "/api/v1/users"]) == count, "\(name)")
                }
                #expect(after.sum("gatehouse_commit_duration_seconds_count") >= count)
                // A server is sent what a transaction changes with the COMMIT, and has locks of its own.
                if instance.options.database == nil {
                    let inserts = ["statement": "users.insert"]
                    #expect(after.sum("gatehouse_statement_duration_seconds_count", where: inserts) == count)
                    #expect(after.sum("gatehouse_write_lock_wait_seconds_count") >= count)
                }
                #expect(after.value("gatehouse_password_hash_duration_seconds_count") == 1)
                #expect(after.value("gatehouse_generations_total") == 2)
                #expect(after.value("gatehouse_worker_deaths_total") == 2)
                #expect(after.value("metrics_series_without_room") == 0)
                let text = try instance.send(HTTPRequest("GET", "/metrics")).text
                #expect(!text.contains("nobody") && !text.contains(admin))
            }
        }

        @Test(.ofTheFile) func `processes, threads and files are told as they are`() throws {
            try Instance.run(Self.options) { instance in
                _ = try instance.signIn()
                try eventually("maintenance runs") {
                    try read(instance).value("gatehouse_processes", ["process": "maintenance"]) == 1
                }
                let metrics = try read(instance)
                #expect(metrics.value("gatehouse_processes", ["process": "supervisor"]) == 1)
                #expect(metrics.value("gatehouse_processes", ["process": "worker"]) == 2)
                #expect(metrics.value("gatehouse_workers") == 2)
                #expect(metrics.sum("gatehouse_threads") >= 16)
                for process in ["supervisor", "worker", "maintenance"] {
                    let bytes = metrics.value("gatehouse_resident_memory_bytes", ["process": process]) ?? 0
                    #expect(bytes > 1_000_000, "\(process)")
                }
                #expect((metrics.value("gatehouse_database_bytes") ?? 0) > 0)
                #expect(metrics.sum("gatehouse_build_info") == 1)
            }
        }

        @Test func `where nothing is counted there is a page all the same`() throws {
            var options = Self.options
            options.settings.append("GATEHOUSE_METRICS_ENABLED=false")
            try Instance.run(options) { instance in
                _ = try instance.signIn()
                let metrics = try read(instance)
                #expect(metrics.kinds["gatehouse_requests_total"] == nil)
                #expect(metrics.value("gatehouse_workers") == 2)
            }
        }

        // MARK: - What is made of them

        /// The words of a file that name metrics, or look as if they did.
        private func names(in path: String) throws -> Set<String> {
            let text = String(decoding: try Files.read("\(Program.root)/\(path)"), as: UTF8.self)
            let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            return Set(words.filter { $0.hasPrefix("gatehouse_") || $0.hasPrefix("metrics_series_") })
        }

        @Test(.ofTheFile) func `dashboard and alerts ask for what there is, and the documentation explains all of it`()
            throws
        {
            try Instance.run(Self.options) { instance in
                _ = try instance.signIn()
                let metrics = try read(instance)
                for file in ["scripts/monitoring/alerts.yml", "scripts/monitoring/dashboard.json"] {
                    let used = try names(in: file)
                    #expect(used.count > 10)
                    #expect(used.subtracting(metrics.names) == [], "\(file)")
                }
                let page = "docs/logs-and-metrics.md"
                #expect(Set(metrics.kinds.keys).subtracting(try names(in: page)) == [])
                #expect(try names(in: page).subtracting(metrics.kinds.keys) == [])
                let text = String(decoding: try Files.read("\(Program.root)/\(page)"), as: UTF8.self)
                let alerts = String(
                    decoding: try Files.read("\(Program.root)/scripts/monitoring/alerts.yml"),
                    as: UTF8.self
                )
                let rules = alerts.split(separator: "\n").compactMap { line in
                    line.split(separator: "alert: ").count == 2 ? line.split(separator: "alert: ").last : nil
                }
                #expect(rules.count > 10)
                for rule in rules { #expect(text.contains("| `\(rule)` |"), "\(rule)") }
                // Grafana takes nothing else.
                _ = try JSONReader.read(try Files.read("\(Program.root)/scripts/monitoring/dashboard.json"))
            }
        }
    }
}
