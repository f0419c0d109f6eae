/// By which request a change was asked for, and from where.
///
/// Nothing is decided by it. Its texts are cut to what can be stored.
package struct RequestOrigin: Hashable, Sendable {
    /// The greatest length of each text, in Unicode scalars.
    package static let longest = 64

    /// The network address of the client; empty where it was asked for at the machine.
    package let address: String
    /// The id of the request, as in the log; empty where there was none.
    package let requestID: String
    /// The trace that the request belongs to (W3C Trace Context), if any.
    package let traceparent: String?

    /// Takes what the request has told.
    package init(address: String, requestID: String, traceparent: String?) {
        self.address = address.storable(longest: Self.longest)
        self.requestID = requestID.storable(longest: Self.longest)
        self.traceparent = traceparent?.storable(longest: Self.longest)
    }

    /// No request: somebody works at the machine.
    package static let machine = RequestOrigin(address: "", requestID: "", traceparent: nil)
}

extension String {
    /// Without U+0000, and no longer than so many Unicode scalars.
    func storable(longest: Int) -> String {
        guard utf8.count > longest || utf8.contains(0) else { return self }
        var kept = UnicodeScalarView()
        kept.append(contentsOf: unicodeScalars.lazy.filter { $0 != "\0" }.prefix(longest))
        return String(kept)
    }
}
