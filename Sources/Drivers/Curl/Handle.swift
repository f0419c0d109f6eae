internal import CCurl

/// The owner of one easy handle of libcurl, with the connections that it keeps and the place for its messages.
///
/// For one thread at a time.
@safe struct Handle: ~Copyable {
    /// libcurl's own, for the options of this module.
    let pointer: UnsafeMutableRawPointer
    /// The functions of libcurl.
    let curl: UnsafePointer<ccurl_functions>
    private let message: UnsafeMutablePointer<CChar>

    init() throws(TransferError) {
        // Sound here and below: the table of functions is never freed.
        let curl = unsafe try CurlLibrary.functions()
        guard let handle = unsafe curl.pointee.curl_easy_init() else {
            throw .broken("libcurl: no memory for a handle")
        }
        unsafe pointer = handle
        unsafe self.curl = curl
        // Sound: it is freed after the handle that writes to it.
        unsafe message = UnsafeMutablePointer.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        // Sound: the only place that ends either.
        unsafe curl.pointee.curl_easy_cleanup(pointer)
        unsafe message.deallocate()
    }

    /// Forgets all options, and sets those that every transfer has; connections that are kept stay.
    ///
    /// No signals, no proxy, no credentials from a URL or a file, no redirects, none but the named protocols.
    func prepare(protocols: String, limits: TransferLimits, authorities: String?) throws(TransferError) {
        // Sound: both are alive as long as this value.
        unsafe curl.pointee.curl_easy_reset(pointer)
        unsafe message.pointee = 0
        try check(unsafe ccurl_set_pointer(curl, pointer, CURLOPT_ERRORBUFFER, message))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROTOCOLS_STR, protocols)
        try set(CURLOPT_REDIR_PROTOCOLS_STR, protocols)
        try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connecting)
        try set(CURLOPT_TIMEOUT_MS, limits.total)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities { try set(CURLOPT_CAINFO, authorities) }
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        // Sound: the handle is alive, and the option one that takes a number.
        try check(unsafe ccurl_set_number(curl, pointer, option, value))
    }

    func set(_ option: CURLoption, _ text: String) throws(TransferError) {
        guard !text.utf8.contains(0) else { throw .malformed("a text with a zero byte") }
        // Sound: as above; the text is copied.
        try check(unsafe ccurl_set_text(curl, pointer, option, text))
    }

    /// Hands a list over, which must live until the transfer is over.
    func set(_ option: CURLoption, _ list: borrowing TextList) throws(TransferError) {
        // Sound: as above.
        try check(unsafe ccurl_set_pointer(curl, pointer, option, list.first))
    }

    /// Hands over what is posted; libcurl copies it, and can send it again where a kept connection turns out to be dead.
    func setBody(_ bytes: [UInt8]) throws(TransferError) {
        try setSize(CURLOPT_POSTFIELDSIZE_LARGE, bytes.count)
        // Sound: as above; as many bytes are copied as the size says, which was set before. Never a null pointer, which
        // would mean that the body is read from elsewhere.
        var body = bytes.isEmpty ? [0] : bytes
        try check(unsafe ccurl_set_pointer(curl, pointer, CURLOPT_COPYPOSTFIELDS, &body))
    }

    func setUploadSize(_ count: Int) throws(TransferError) { try setSize(CURLOPT_INFILESIZE_LARGE, count) }

    private func setSize(_ option: CURLoption, _ size: Int) throws(TransferError) {
        // Sound: as above, and the option one that takes a size.
        try check(unsafe ccurl_set_size(curl, pointer, option, curl_off_t(size)))
    }

    func check(_ code: CURLcode) throws(TransferError) {
        guard code == CURLE_OK else { throw .broken("libcurl: an option is refused with code \(code.rawValue)") }
    }

    /// Does the transfer, for as long as its limits let it.
    func perform(_ exchange: Exchange) throws(TransferError) -> CURLcode {
        try exchange.attach(to: self)
        // Sound: the handle is alive, and so is the exchange that its callbacks use.
        return withExtendedLifetime(exchange) { unsafe curl.pointee.curl_easy_perform(pointer) }
    }

    /// The status that the server answered with; 0 where it did not.
    var responseCode: Int {
        var code = 0
        // Sound: the handle is alive, and the call fills the place.
        return unsafe ccurl_number(curl, pointer, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0
    }

    /// What the answer's Retry-After asks for, in seconds; 0 where it asks for nothing.
    var retryAfter: Int {
        var seconds: curl_off_t = 0
        // Sound: as above.
        return unsafe ccurl_size(curl, pointer, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK ? Int(seconds) : 0
    }

    /// What a failed transfer means.
    func failure(_ code: CURLcode, _ exchange: Exchange) -> TransferError {
        switch code {
        case CURLE_ABORTED_BY_CALLBACK: .interrupted
        case CURLE_OPERATION_TIMEDOUT: .timedOut(reason(code))
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED: .malformed(reason(code))
        case CURLE_COULDNT_CONNECT where !exchange.hasTried && !exchange.refused.isEmpty:
            .addressRefused(exchange.refused.map(\.description).joined(separator: ", "))
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable(reason(code))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
            .insecure(reason(code))
        default: .broken(reason(code))
        }
    }

    private func reason(_ code: CURLcode) -> String {
        // Sound: libcurl's texts are terminated; its own for the code are constant.
        if unsafe message.pointee != 0 { return unsafe String(cString: message) }
        return unsafe curl.pointee.curl_easy_strerror(code).map { unsafe String(cString: $0) }
            ?? "code \(code.rawValue)"
    }
}

/// How long a transfer may take, in milliseconds.
///
/// Resolving a name counts, but libcurl can end it no earlier than the resolver itself does (resolv.conf(5), `timeout`
/// and `attempts`; 10 s by default for each server of names).
public struct TransferLimits: Sendable {
    let connecting: Int
    let total: Int

    /// Limits the time until there is a connection, with TLS, and that of all together.
    public init(connecting: Duration, total: Duration) {
        self.connecting = Self.milliseconds(connecting)
        self.total = Self.milliseconds(total)
    }

    /// At least one, as none would mean that there is no limit.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

/// The owner of a list of texts as libcurl takes them.
@safe struct TextList: ~Copyable {
    private(set) var first: UnsafeMutablePointer<curl_slist>?
    private let curl: UnsafePointer<ccurl_functions>

    init(_ texts: [String], for handle: borrowing Handle) throws(TransferError) {
        unsafe first = nil
        unsafe curl = handle.curl
        for text in texts {
            // Sound: the text is copied; where there is no memory for it the list stays as it was, and is freed below.
            guard let longer = unsafe curl.pointee.curl_slist_append(first, text) else {
                throw .broken("no memory for a list")
            }
            unsafe first = longer
        }
    }

    deinit {
        // Sound: the only place that frees it; an empty list is none.
        unsafe curl.pointee.curl_slist_free_all(first)
    }
}
