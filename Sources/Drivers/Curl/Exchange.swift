internal import CCurl

/// What passes between libcurl's callbacks and the one who waits for the transfer: what is to be sent, what came back,
/// and which addresses were met.
///
/// For one transfer on one thread. libcurl holds a pointer to it, which is good as long as the transfer runs.
final class Exchange {
    private let rule: AddressRule
    private let shouldStop: () -> Bool
    private let upload: [UInt8]
    private let bodyLimit: Int
    private var uploaded = 0

    /// The first bytes of the answer's body.
    private(set) var body: [UInt8] = []
    /// Whether the body was longer than that.
    private(set) var isBodyCut = false
    /// Addresses that the rule does not permit.
    private(set) var refused: [IPAddress] = []
    /// Whether an address was tried.
    private(set) var hasTried = false
    /// The last line by which a mail server refused something; what follows is the farewell.
    private(set) var refusal = ""

    init(rule: AddressRule, upload: [UInt8] = [], bodyLimit: Int = 0, shouldStop: @escaping () -> Bool) {
        self.rule = rule
        self.upload = upload
        self.bodyLimit = bodyLimit
        self.shouldStop = shouldStop
    }

    /// Whether all that was to be sent was handed over.
    var isUploaded: Bool { uploaded == upload.count }

    /// Points the callbacks of a handle at this exchange, which must outlive the transfer.
    func attach(to handle: borrowing Handle) throws(TransferError) {
        // Sound: libcurl hands the pointer back to these callbacks only, and only while the transfer runs, when the
        // object is alive; see Handle.perform.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try handle.check(
            unsafe ccurl_set_writer(
                handle.curl,
                handle.pointer,
                { bytes, size, count, context in
                    guard let exchange = unsafe Exchange.at(context) else { return 0 }
                    return unsafe exchange.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
                },
                context
            )
        )
        try handle.check(
            unsafe ccurl_set_line_reader(
                handle.curl,
                handle.pointer,
                { bytes, size, count, context in
                    guard let exchange = unsafe Exchange.at(context) else { return 0 }
                    return unsafe exchange.takeLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
                },
                context
            )
        )
        try handle.check(
            unsafe ccurl_set_reader(
                handle.curl,
                handle.pointer,
                { place, size, count, context in
                    guard let exchange = unsafe Exchange.at(context) else { return Int(CURL_READFUNC_ABORT) }
                    return unsafe exchange.give(to: UnsafeMutableRawBufferPointer(start: place, count: size * count))
                },
                context
            )
        )
        try handle.check(
            unsafe ccurl_set_progress(
                handle.curl,
                handle.pointer,
                { context, _, _, _, _ in unsafe Exchange.at(context)?.shouldStop() ?? true ? 1 : 0 },
                context
            )
        )
        try handle.check(
            unsafe ccurl_set_socket_opener(
                handle.curl,
                handle.pointer,
                { context, purpose, address in
                    guard purpose == CURLSOCKTYPE_IPCXN, let address = unsafe address,
                        let exchange = unsafe Exchange.at(context), unsafe exchange.permits(address)
                    else { return -1 }
                    return unsafe ccurl_open_socket(address)
                },
                context
            )
        )
    }

    @unsafe private static func at(_ context: UnsafeMutableRawPointer?) -> Exchange? {
        // Sound: the pointer is one that `attach` made.
        unsafe context.map { unsafe Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Keeps what there is room for; fewer bytes than were offered end the transfer.
    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = bodyLimit - body.count
        // Sound: libcurl's buffer lives for the length of the call, and is copied.
        unsafe body.append(contentsOf: bytes.prefix(room))
        isBodyCut = bytes.count > room
        return isBodyCut ? 0 : bytes.count
    }

    private func takeLine(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Sound: as above.
        guard let digit = unsafe bytes.first, digit == UInt8(ascii: "4") || digit == UInt8(ascii: "5") else {
            return bytes.count
        }
        let printable = unsafe bytes.prefix(200).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: " ") }
        var line = String(decoding: printable, as: UTF8.self)
        while line.last == " " { line.removeLast() }
        refusal = line
        return bytes.count
    }

    private func give(to place: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(place.count, upload.count - uploaded)
        // Sound: the place has room for what is copied, and lives for the length of the call.
        unsafe place.copyBytes(from: upload[uploaded..<(uploaded + count)])
        uploaded += count
        return count
    }

    @unsafe private func permits(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        // Sound: the structure is libcurl's for the length of the call, and the array has the 16 places.
        let count = unsafe ccurl_address(address, &bytes)
        guard let remote = IPAddress(Array(bytes.prefix(Int(count)))) else { return false }
        guard rule.permits(remote) else {
            refused.append(remote)
            return false
        }
        hasTried = true
        return true
    }
}
