internal import Linux

/// Whether the site that `scripts/nginx-site` wrote goes with the configuration of the pool.
package struct NginxSiteCheck: Check {
    /// What the pool is set to.
    package struct Expectation: Sendable {
        /// Where it listens, as nginx writes it: `unix:/path` or `address:port`.
        package let listen: String
        /// Where it tells how it is, written in the same way.
        package let statusListen: String
        /// The largest body, in bytes.
        package let bodyLimit: Int
        /// How long a request may take, in milliseconds.
        package let requestTimeout: Int

        /// Puts the settings together.
        package init(listen: String, statusListen: String, bodyLimit: Int, requestTimeout: Int) {
            self.listen = listen
            self.statusListen = statusListen
            self.bodyLimit = bodyLimit
            self.requestTimeout = requestTimeout
        }
    }

    private let directory: String
    private let expectation: Expectation

    /// Names the directory of the site, and what it has to go with.
    package init(directory: String, expectation: Expectation) {
        self.directory = directory
        self.expectation = expectation
    }

    package func run() -> [Finding] {
        guard Files.isDirectory(directory) else {
            return [.ok("nginx", "no site was written to \(directory); one that stands elsewhere is not looked at")]
        }
        return findings(
            upstream: Self.read("\(directory)/upstream.conf"),
            limits: Self.read("\(directory)/limits.conf"),
            fastcgi: Self.read("\(directory)/fastcgi.conf")
        )
    }

    func findings(upstream: NginxDirectives, limits: NginxDirectives, fastcgi: NginxDirectives) -> [Finding] {
        let findings = [
            socket(upstream), secondTry(upstream, fastcgi), bodySize(limits), readTimeout(fastcgi), requestID(fastcgi),
        ].compactMap(\.self)
        return findings.isEmpty ? [.ok("nginx", "the site in \(directory) goes with the configuration")] : findings
    }

    private func socket(_ upstream: NginxDirectives) -> Finding? {
        let servers = Set(upstream.every("server").compactMap(\.first))
        guard servers != [expectation.listen, expectation.statusListen] else { return nil }
        return .error(
            "nginx",
            "upstream.conf asks \(servers.isEmpty ? "nobody" : servers.sorted().joined(separator: ", ")), "
                + "and the pool listens at \(expectation.listen), for its status at \(expectation.statusListen)",
            remedy:
                "run scripts/nginx-site again (or gatehouse setup), with --socket and --status-socket where they are "
                + "others than by default"
        )
    }

    /// nginx tries each line of an upstream once, and not at all again where it counts failures.
    private func secondTry(_ upstream: NginxDirectives, _ fastcgi: NginxDirectives) -> Finding? {
        let servers = upstream.every("server").filter { $0.first == expectation.listen }
        let conditions = fastcgi["fastcgi_next_upstream"] ?? []
        let isTried =
            servers.count > 1 && servers.allSatisfy { $0.contains("max_fails=0") }
            && conditions.contains("error") && conditions.contains("non_idempotent")
        guard !isTried, !servers.isEmpty else { return nil }
        return .warning(
            "nginx",
            "a request whose worker dies is answered with 502, since nginx is not told to try another",
            remedy: "run scripts/nginx-site again"
        )
    }

    private func bodySize(_ limits: NginxDirectives) -> Finding? {
        // nginx's own default is 1 MiB; 0 means any size.
        let text = limits["client_max_body_size"]?.first ?? "1m"
        let remedy = "set client_max_body_size in limits.conf to \(expectation.bodyLimit) at least"
        guard let size = NginxDirectives.bytes(text) else {
            return .warning("nginx", "client_max_body_size \(text) cannot be read", remedy: remedy)
        }
        guard size != 0, size < expectation.bodyLimit else { return nil }
        return .error(
            "nginx",
            "client_max_body_size is \(text), less than http.body_limit (\(expectation.bodyLimit) bytes)",
            remedy: remedy
        )
    }

    private func readTimeout(_ fastcgi: NginxDirectives) -> Finding? {
        let text = fastcgi["fastcgi_read_timeout"]?.first ?? "60s"
        let remedy = "run scripts/nginx-site with a longer --read-timeout, or lower pool.request_timeout"
        guard let time = NginxDirectives.milliseconds(text) else {
            return .warning("nginx", "fastcgi_read_timeout \(text) cannot be read", remedy: remedy)
        }
        guard time <= expectation.requestTimeout else { return nil }
        return .error(
            "nginx",
            "fastcgi_read_timeout is \(text), not longer than pool.request_timeout (\(expectation.requestTimeout) ms)",
            remedy: remedy
        )
    }

    private func requestID(_ fastcgi: NginxDirectives) -> Finding? {
        let parameters = fastcgi.every("fastcgi_param")
        guard !parameters.contains(where: { $0.starts(with: ["REQUEST_ID", "$request_id"]) }) else { return nil }
        return .error(
            "nginx",
            "fastcgi.conf does not pass REQUEST_ID, by which a request has one name in both logs",
            remedy: "run scripts/nginx-site again"
        )
    }

    private static func read(_ path: String) -> NginxDirectives {
        NginxDirectives(String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self))
    }
}

/// What nginx itself says of the configuration that `scripts/nginx-site` wrote.
///
/// `nginx -t` opens logs and sockets as a start would, and closes them again.
package struct NginxTestCheck: Check {
    private let file: String
    private let searchPath: String

    /// Names the configuration file, and where nginx is looked for beside the directories for administrators.
    package init(file: String, searchPath: String) {
        self.file = file
        self.searchPath = searchPath
    }

    package func run() -> [Finding] {
        let places = searchPath.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
        guard Files.exists(file), let nginx = places.map({ "\($0)/nginx" }).first(where: Files.exists) else {
            return []
        }
        do throws(SystemError) {
            let errors = try Files.inMemory([])
            let pid = try ChildProcess.spawn(
                path: nginx,
                arguments: [nginx, "-t", "-q", "-e", "stderr", "-c", file],
                environment: ThisProcess.environment(),
                descriptors: [nil, nil, errors.number]
            )
            let end = try ChildProcess.wait(for: pid)
            try errors.rewind()
            let text = String(decoding: try errors.readAll(limit: 1 << 20), as: UTF8.self)
            return [finding(isGood: end == .exited(0), text)]
        } catch {
            return [.warning("nginx", "\(error)", remedy: "run nginx -t -c \(file)")]
        }
    }

    func finding(isGood: Bool, _ text: String) -> Finding {
        guard !isGood else { return .ok("nginx", "nginx -t accepts \(file)") }
        let lines = text.split(separator: "\n")
        let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? "nothing was said"
        if line.contains("Permission denied") {
            return .warning("nginx", "nginx -t may not look (\(line))", remedy: "run this as nginx's user, or as root")
        }
        return .error("nginx", "nginx -t refuses \(file) (\(line))", remedy: "mend what it names")
    }
}
