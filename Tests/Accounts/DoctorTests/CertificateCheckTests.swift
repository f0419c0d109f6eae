import JSON
import Linux
import LinuxTestSupport
import Testing

@testable import Doctor

struct CertificateCheckTests {
    private static let day: Int64 = 86_400_000_000
    private let now: Int64 = 1_767_323_045_000_000
    private var check: CertificateCheck { CertificateCheck(siteDirectory: "/site", now: now) }

    @Test(
        arguments: [
            (-1, .error), (0, .error), (1, .warning), (13, .warning), (15, .ok), (400, .ok),
        ] as [(Int64, Finding.Severity)]
    )
    func `the nearer the end the louder`(days: Int64, severity: Finding.Severity) {
        #expect(check.finding("/c", ends: [now + days * Self.day]).severity == severity)
    }

    @Test func `the first end of a chain counts`() {
        let finding = check.finding("/c", ends: [now + 400 * Self.day, now + 3 * Self.day])
        #expect(finding.severity == .warning)
        #expect(finding.message.contains("in 3 days"))
    }

    @Test func `no certificate is an error`() {
        #expect(check.finding("/c", ends: nil).severity == .error)
        #expect(CertificateEnds.read(pem: "") == nil)
        #expect(CertificateEnds.read(pem: "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----") == nil)
        #expect(CertificateEnds.read(pem: "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----") == nil)
    }

    @Test(arguments: [
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "30"],
        ["-newkey", "rsa:2048", "-days", "9000"],
    ])
    func `the end is the one that openssl tells`(options: [String]) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("c.pem")
        _ = try Shell.run(
            "openssl req -x509 \(options.joined(separator: " ")) -nodes -subj /CN=x -keyout \(path).key -out \(path)"
        )
        let end = try #require(CertificateEnds.read(pem: String(decoding: try Files.read(path), as: UTF8.self))?.first)
        let told = try Shell.run("date -u -d \"$(openssl x509 -noout -enddate -in \(path) | cut -d= -f2)\" +%s").output
        #expect("\(end / 1_000_000)" == told)
    }

    @Test func `a certificate that is cut anywhere is none, and ends nothing`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("c.der")
        _ = try Shell.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x "
                + "-keyout \(path).key -outform DER -out \(path)"
        )
        let bytes = try Files.read(path)
        #expect(CertificateEnds.read(der: bytes) != nil)
        for length in 0..<bytes.count { #expect(CertificateEnds.read(der: Array(bytes.prefix(length))) == nil) }
    }
}
