/// Something that happened, as consumers are told it.
///
/// Written in the transaction of the change that it tells of, and never changed afterwards. Its members are those of
/// CloudEvents 1.0 (https://github.com/cloudevents/spec), with `traceparent` and `sequence` as extensions.
public struct Event: Hashable, Sendable {
    /// Its place in the log: greater than that of every event that was committed before.
    public let sequence: Int64
    /// By what a consumer knows it again: a UUID of version 7, in text.
    public let id: String
    /// What happened, with the version of what ``data`` consists of: `user.created.v1`.
    public let type: String
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64
    /// Whom or what it concerns; events of one subject are told in their order.
    public let subject: String
    /// The trace of the request that brought it about (W3C Trace Context), if there was one.
    public let traceparent: String?
    /// What else there is to know, as a JSON object.
    ///
    /// A version of a type only ever gets more members.
    public let data: String

    /// Takes all members, as they are stored.
    public init(
        sequence: Int64,
        id: String,
        type: String,
        microseconds: Int64,
        subject: String,
        traceparent: String?,
        data: String
    ) {
        self.sequence = sequence
        self.id = id
        self.type = type
        self.microseconds = microseconds
        self.subject = subject
        self.traceparent = traceparent
        self.data = data
    }
}
