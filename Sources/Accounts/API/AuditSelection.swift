internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Pagination

/// Which events of the audit a client asks for, with the cursors that lead through them.
struct AuditSelection {
    /// The filters by name, in one sequence, whatever the client's was.
    let filters: [(name: String, value: String)]
    private let filter: AuditSlice.Filter
    private let after: Timestamp
    private let before: Timestamp
    private let identity: ListIdentity

    /// Takes the filters among some members, which ``AuditQuery`` declares.
    ///
    /// - Throws: ``HTTPError`` 400 for more than one of subject, actor and type, which no index serves.
    init(_ members: MemberValues) throws {
        filters = Self.filters(members)
        // The orders of other lists have lower numbers.
        identity = ListIdentity(order: 200, filters: filters)
        let chosen: [(String, AuditSlice.Filter?)] = [
            (AuditQuery.subject.name, members[AuditQuery.subject].map(AuditSlice.Filter.subject)),
            (AuditQuery.actor.name, members[AuditQuery.actor].map { .actor(UserID($0)) }),
            (AuditQuery.type.name, members[AuditQuery.type].map(AuditSlice.Filter.type)),
        ]
        let given = chosen.filter { $0.1 != nil }
        guard given.count <= 1 else {
            throw HTTPError(
                .validation,
                "No index serves this combination of filters.",
                details: given.map { .init(field: $0.0, message: "cannot be combined with the others") }
            )
        }
        filter = given.first?.1 ?? .everything
        after = members[AuditQuery.after] ?? Timestamp(microseconds: .min)
        before = members[AuditQuery.before] ?? Timestamp(microseconds: .max)
    }

    /// The part behind a cursor; nil begins with the newest.
    ///
    /// - Throws: ``HTTPError`` 400 for a cursor of another list or of nobody; `name` is what the client sent it as.
    func slice(
        behind cursor: String?,
        sentAs name: String = AuditQuery.cursor.name,
        limit: Int,
        signing: some CursorSigning
    ) throws -> AuditSlice {
        let position =
            try cursor.map { try place(of: $0, sentAs: name, signing: signing) }
            ?? AuditPosition(instant: before, sequence: 0)
        return AuditSlice(filter, after: after, before: position, limit: limit)
    }

    /// The text of a cursor that leads to what stands behind a place.
    func cursor(after position: AuditPosition, signing: some CursorSigning) -> String {
        Cursor(.after, values: [.integer(position.instant.microseconds), .integer(position.sequence)])
            .text(in: identity, signing: signing)
    }

    private func place(of text: String, sentAs name: String, signing: some CursorSigning) throws -> AuditPosition {
        guard let cursor = Cursor(text, in: identity, signing: signing), cursor.values.count == 2,
            case .integer(let microseconds) = cursor.values[0], case .integer(let sequence) = cursor.values[1]
        else { throw HTTPError.cursorOfAnotherList(sentAs: name) }
        return AuditPosition(instant: Timestamp(microseconds: microseconds), sequence: sequence)
    }

    private static func filters(_ members: MemberValues) -> [(name: String, value: String)] {
        let texts: [(String, String?)] = [
            (AuditQuery.subject.name, members[AuditQuery.subject]?.description),
            (AuditQuery.actor.name, members[AuditQuery.actor]?.description),
            (AuditQuery.type.name, members[AuditQuery.type]),
            (AuditQuery.after.name, members[AuditQuery.after]?.text),
            (AuditQuery.before.name, members[AuditQuery.before]?.text),
        ]
        return texts.compactMap { name, value in value.map { (name, $0) } }
    }
}
