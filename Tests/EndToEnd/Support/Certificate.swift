import Linux

/// A certificate for localhost, made once for all tests.
struct Certificate: Sendable {
    let certificate: [UInt8]
    let key: [UInt8]

    static let shared = Result { try Certificate() }

    private init() throws {
        let directory = try Scratch.makeDirectory()
        defer { Scratch.remove(directory) }
        try Command.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", "\(directory)/key", "-out", "\(directory)/certificate",
            ]
        )
        certificate = try Files.read("\(directory)/certificate")
        key = try Files.read("\(directory)/key")
    }
}
