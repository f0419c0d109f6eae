internal import JSON
internal import Linux

/// How long the certificates of the nginx site are good for.
///
/// The dates are read here: a tool such as openssl need not be installed where the operator works.
package struct CertificateCheck: Check {
    /// From how many days before the end on it is told.
    static let warningDays: Int64 = 14

    private let siteDirectory: String
    private let now: Int64

    /// Names the directory of the site, and the present time in microseconds since the epoch.
    package init(siteDirectory: String, now: Int64) {
        self.siteDirectory = siteDirectory
        self.now = now
    }

    package func run() -> [Finding] {
        let site = Self.directives("\(siteDirectory)/site.conf")
        // Off where the site has no TLS.
        guard site.every("include").contains(where: { $0.first?.hasSuffix("/tls.conf") == true }) else { return [] }
        let tls = Self.directives("\(siteDirectory)/tls.conf")
        var findings: [Finding] = []
        if let path = tls["ssl_certificate"]?.first { findings.append(certificate(path)) }
        if let path = tls["ssl_certificate_key"]?.first {
            findings += PermissionCheck(path, widest: 0o640, exposure: .secret, owner: nil, isRequired: true).run()
        }
        return findings
    }

    private func certificate(_ path: String) -> Finding {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, limit: 1 << 20)
        } catch {
            return .error("certificate", "\(error)", remedy: "put the certificate in its place")
        }
        return finding(path, ends: CertificateEnds.read(pem: String(decoding: bytes, as: UTF8.self)))
    }

    /// `ends` are those of the certificate and of the ones between it and its authority; the first end counts.
    func finding(_ path: String, ends: [Int64]?) -> Finding {
        guard let end = ends?.min() else {
            return .error("certificate", "\(path) holds no certificate", remedy: "put the certificate in its place")
        }
        let when = RFC3339.string(microseconds: end).prefix(10)
        let remedy = "renew it and reload nginx"
        let day: Int64 = 86_400_000_000
        if end <= now { return .error("certificate", "\(path) ended on \(when)", remedy: remedy) }
        let days = (end - now) / day
        let message = "\(path) ends on \(when), in \(days) days"
        return days < Self.warningDays
            ? .warning("certificate", message, remedy: remedy) : .ok("certificate", message)
    }

    private static func directives(_ path: String) -> NginxDirectives {
        NginxDirectives(String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self))
    }
}
