import Linux
import LinuxTestSupport

/// An HTTP server of Python's library, whose paths say how it behaves.
struct WebServer {
    private static let script = """
        import http.server, ssl, sys, threading

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                if self.path == '/echo':
                    head = ''.join(f'{name}: {value}\\n' for name, value in self.headers.items())
                    self.answer(200, f'{self.client_address[1]}\\n{head}\\n'.encode() + body)
                elif self.path == '/busy':
                    self.answer(503, b'later', [('Retry-After', '7')])
                elif self.path == '/elsewhere':
                    self.answer(302, b'', [('Location', '/echo')])
                elif self.path == '/large':
                    self.answer(200, b'x' * 1_000_000)
                elif self.path == '/close':
                    self.answer(200, b'bye', [('Connection', 'close')])
                elif self.path == '/silent':
                    threading.Event().wait(600)
                elif self.path == '/abrupt':
                    self.close_connection = True

            def answer(self, status, body, fields=()):
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            # Clients that give up are part of the tests.
            def handle_error(self, *_):
                pass

        server = Server(('127.0.0.1', 0), Handler)
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    private let directory: TemporaryDirectory
    private let server: LoopbackServer
    private let scheme: String

    init(_ certificate: TestCertificate? = nil) throws {
        directory = try TemporaryDirectory()
        try Files.replace(directory.file("server.py"), with: Array(Self.script.utf8), permissions: 0o600)
        let files = certificate.map { "'\($0.certificate)' '\($0.key)'" } ?? ""
        scheme = certificate == nil ? "http" : "https"
        server = try LoopbackServer(
            "exec python3 '\(directory.file("server.py"))' \(files)",
            output: directory.file("errors")
        )
    }

    var port: UInt16 { server.port }

    func url(_ path: String) -> String { "\(scheme)://127.0.0.1:\(server.port)\(path)" }
}

/// A certificate for 127.0.0.1 that nobody vouches for but itself.
struct TestCertificate {
    /// openssl made none.
    struct NoCertificate: Error {
        let output: String
    }

    private let directory: TemporaryDirectory

    var certificate: String { directory.file("certificate") }
    var key: String { directory.file("key") }

    init() throws {
        directory = try TemporaryDirectory()
        let made = try Shell.run(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 \
            -addext subjectAltName=IP:127.0.0.1 -keyout '\(directory.file("key"))' -out '\(directory.file("certificate"))'
            """
        )
        guard made.end == .exited(0) else { throw NoCertificate(output: made.output) }
    }
}
