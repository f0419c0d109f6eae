internal import Security

/// Ids for requests that came without one, in nginx's form: 32 hexadecimal digits.
enum RequestID {
    static func make(_ random: SecureRandomSource) -> String {
        [random.next(), random.next()].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
