/// What runs the statements of a session.
///
/// An enumeration and no protocol: the way of a statement on SQLite, which takes microseconds, is specialised where it is
/// called, and costs one comparison more than if there were no other engine.
@usableFromInline enum Engine {
    case sqlite(SQLiteEngine)
    case postgreSQL(PostgreSQLEngine)

    @usableFromInline func begin(writing: Bool) throws {
        switch self {
        case .sqlite(let engine): try engine.begin(writing: writing)
        case .postgreSQL(let engine): engine.begin(writing: writing)
        }
    }

    @usableFromInline func commit() throws {
        switch self {
        case .sqlite(let engine): try engine.commit()
        case .postgreSQL(let engine): try engine.commit()
        }
    }

    @usableFromInline func rollBack() {
        switch self {
        case .sqlite(let engine): engine.rollBack()
        case .postgreSQL(let engine): engine.rollBack()
        }
    }
}
