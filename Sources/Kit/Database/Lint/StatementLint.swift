/// What a statement of a migration does to tables that exist: which rules it breaks, and which locks it takes.
struct StatementLint {
    private(set) var broken: [LintRule] = []
    private(set) var locks: [TableLock] = []

    /// Looks at one statement, and notes in the state what it makes.
    init(_ statement: SQLStatement, _ state: inout LintState) {
        var cursor = TokenCursor(statement.tokens)
        let verb = cursor.word ?? ""
        cursor.skip()
        switch verb {
        case "create": create(&cursor, &state)
        case "alter": alter(&cursor, &state)
        case "drop": drop(&cursor, state)
        case "update": change(&cursor, state)
        case "delete":
            cursor.take("from")
            change(&cursor, state)
        case "insert":
            cursor.take("into")
            if let table = cursor.name() { lock(table, .rowExclusive, state) }
        // In whichever parentheses.
        case "with":
            if cursor.rest.contains(where: { $0.kind == .word && ["update", "delete", "merge"].contains($0.text) }) {
                breaks(.massChange)
            }
        case "truncate", "lock":
            cursor.take("table")
            for part in cursor.parts() {
                var part = TokenCursor(part)
                part.take("only")
                exclusively(part.name(), state)
            }
        case "cluster": exclusively(cursor.name(), state)
        case "vacuum": vacuum(&cursor, state)
        case "reindex": reindex(&cursor, state)
        case "refresh":
            cursor.take("materialized", "view")
            if !cursor.take("concurrently") { exclusively(cursor.name(), state) }
        case "begin", "commit", "rollback", "abort", "start", "end", "savepoint", "release", "prepare":
            breaks(.transactionControl)
        case "select", "values", "comment", "grant", "revoke", "analyze", "set", "reset": break
        default: breaks(.unknown)
        }
        if statement.isUnterminated { breaks(.unknown) }
    }

    private mutating func breaks(_ rule: LintRule) {
        if !broken.contains(rule) { broken.append(rule) }
    }

    private mutating func lock(_ table: String, _ mode: TableLock.Mode, _ state: LintState) {
        guard !state.freshTables.contains(table) else { return }
        locks.append(TableLock(table: table, mode: mode))
    }

    private mutating func exclusively(_ table: String?, _ state: LintState) {
        if let table, state.freshTables.contains(table) { return }
        breaks(.exclusiveLock)
        if let table { lock(table, .accessExclusive, state) }
    }

    private mutating func requireOutside(_ state: LintState) {
        if state.kind != .outsideTransaction { breaks(.outsideTransaction) }
    }

    // MARK: - CREATE

    private mutating func create(_ cursor: inout TokenCursor, _ state: inout LintState) {
        cursor.take("or", "replace")
        while cursor.take(anyOf: ["global", "local", "temp", "temporary", "unlogged", "recursive", "constraint"]) != nil
        {}
        let isUnique = cursor.take("unique")
        if cursor.take("table") {
            // It may be there, and then it is in use.
            let mayExist = cursor.take("if", "not", "exists")
            guard let table = cursor.name() else { return breaks(.unknown) }
            if !mayExist { state.created(table) }
            lockReferences(cursor, state)
            if cursor.take("partition", "of") {
                breaks(.exclusiveLock)
                if let parent = cursor.name() { lock(parent, .accessExclusive, state) }
            }
        } else if cursor.take("index") || isUnique {
            createIndex(&cursor, &state)
        } else if let kind = cursor.take(anyOf: ["trigger", "rule", "policy"]) {
            // A rule says "ON event TO table".
            while !cursor.isAtEnd, !cursor.take(kind == "rule" ? "to" : "on") { cursor.skip() }
            if let table = cursor.name() {
                lock(table, kind == "trigger" ? .shareRowExclusive : .accessExclusive, state)
            }
        } else if cursor.take(
            anyOf: [
                "function", "procedure", "type", "domain", "sequence", "extension", "schema", "view", "materialized",
                "collation", "aggregate", "operator", "cast", "statistics", "role",
            ]
        ) == nil {
            breaks(.unknown)
        }
    }

    private mutating func createIndex(_ cursor: inout TokenCursor, _ state: inout LintState) {
        let isConcurrent = cursor.take("concurrently")
        let isTakenForThere = cursor.take("if", "not", "exists")
        let name = cursor.isAt("on") ? nil : cursor.name()
        cursor.take("on")
        cursor.take("only")
        guard let table = cursor.name() else { return breaks(.unknown) }
        if let name { state.created(index: name, on: table) }
        if isConcurrent {
            requireOutside(state)
            if isTakenForThere { breaks(.uncheckedIndex) }
            lock(table, .shareUpdateExclusive, state)
        } else if !state.freshTables.contains(table) {
            breaks(.blockingIndex)
            lock(table, .share, state)
        }
    }

    /// A foreign key puts triggers on the table to which it points.
    private mutating func lockReferences(_ cursor: TokenCursor, _ state: LintState) {
        var cursor = cursor
        while !cursor.isAtEnd {
            if cursor.take("references") {
                if let table = cursor.name() { lock(table, .shareRowExclusive, state) }
            } else {
                cursor.skip()
            }
        }
    }

    // MARK: - DROP and changes of rows

    private mutating func drop(_ cursor: inout TokenCursor, _ state: LintState) {
        if cursor.take("index") { return dropIndex(&cursor, state) }
        let isTable = cursor.take("table")
        if !isTable { cursor.skip() }
        cursor.take("if", "exists")
        for part in cursor.parts() {
            var part = TokenCursor(part)
            guard let name = part.name() else { continue }
            if isTable, state.freshTables.contains(name) { continue }
            if state.phase != .contract { breaks(.dropInUse) }
            if isTable { lock(name, .accessExclusive, state) }
        }
    }

    private mutating func dropIndex(_ cursor: inout TokenCursor, _ state: LintState) {
        let isConcurrent = cursor.take("concurrently")
        cursor.take("if", "exists")
        let tables = cursor.parts().compactMap { part in
            var part = TokenCursor(part)
            return part.name().flatMap(state.table(ofIndex:))
        }
        if isConcurrent {
            requireOutside(state)
        } else if tables.isEmpty || !tables.allSatisfy(state.freshTables.contains) {
            breaks(.blockingDropIndex)
        }
        for table in tables { lock(table, isConcurrent ? .shareUpdateExclusive : .accessExclusive, state) }
    }

    private mutating func change(_ cursor: inout TokenCursor, _ state: LintState) {
        cursor.take("only")
        guard let table = cursor.name() else { return breaks(.unknown) }
        guard !state.freshTables.contains(table) else { return }
        if state.kind != .backfill { breaks(.massChange) }
        lock(table, .rowExclusive, state)
    }

    private mutating func vacuum(_ cursor: inout TokenCursor, _ state: LintState) {
        requireOutside(state)
        let isFull = cursor.rest.contains { $0.kind == .word && $0.text == "full" }
        if isFull { breaks(.exclusiveLock) }
    }

    private mutating func reindex(_ cursor: inout TokenCursor, _ state: LintState) {
        let isConcurrent = cursor.rest.contains { $0.kind == .word && $0.text == "concurrently" }
        if isConcurrent { requireOutside(state) } else { breaks(.exclusiveLock) }
    }

    // MARK: - ALTER

    private mutating func alter(_ cursor: inout TokenCursor, _ state: inout LintState) {
        guard cursor.take("table") else {
            let kind = cursor.word ?? ""
            if cursor.contains("rename") || cursor.contains("set", "schema") { return breaks(.rename) }
            let known: Set = [
                "sequence", "function", "procedure", "view", "role", "policy", "index", "trigger", "type",
            ]
            if !known.contains(kind) { breaks(.unknown) }
            return
        }
        cursor.take("if", "exists")
        cursor.take("only")
        guard let table = cursor.name() else { return breaks(.unknown) }
        guard !state.freshTables.contains(table) else { return lockReferences(cursor, state) }
        let actions = cursor.parts()
        for part in actions {
            var action = TokenCursor(part)
            // Rows are looked at under the greatest of the locks that the actions take.
            if actions.count > 1, action.isAt("validate", "constraint") { breaks(.validationWithConstraint) }
            let mode = alter(table, &action, &state)
            lock(table, mode, state)
        }
    }

    /// - Returns: The lock that the action takes.
    private mutating func alter(
        _ table: String,
        _ action: inout TokenCursor,
        _ state: inout LintState
    ) -> TableLock.Mode {
        if action.take("add") { return add(to: table, &action, &state) }
        if action.take("alter") { return alterColumn(of: table, &action, state) }
        if action.take("validate", "constraint") {
            guard let constraint = action.name() else { return .shareUpdateExclusive }
            state.validated(constraint, on: table)
            if state.isFresh(constraint, on: table), state.kind == .script { breaks(.validationWithConstraint) }
            return .shareUpdateExclusive
        }
        if action.take("drop") {
            if action.take("constraint") {
                action.take("if", "exists")
                if let name = action.name() { state.dropped(name, on: table) }
            } else if state.phase != .contract {
                breaks(.dropInUse)
            }
            return .accessExclusive
        }
        if action.take("rename") || action.take("set", "schema") {
            breaks(.rename)
            return .accessExclusive
        }
        if action.take("owner") || action.take("replica") { return .accessExclusive }
        if action.take("enable") || action.take("disable") {
            return action.isAt("row") || action.isAt("rule") ? .accessExclusive : .shareRowExclusive
        }
        if action.take("reset") { return .shareUpdateExclusive }
        if action.take("set") {
            if action.take(sign: "(") { return .shareUpdateExclusive }
            breaks(.exclusiveLock)
            return .accessExclusive
        }
        breaks(.unknown)
        return .accessExclusive
    }

    private mutating func alterColumn(
        of table: String,
        _ action: inout TokenCursor,
        _ state: LintState
    ) -> TableLock.Mode {
        action.take("column")
        guard let column = action.name() else {
            breaks(.unknown)
            return .accessExclusive
        }
        if action.take("type") || action.take("set", "data", "type") {
            breaks(.changeType)
        } else if action.take("set", "not", "null") {
            if !state.isNeverNull(column, in: table) { breaks(.setNotNull) }
        } else if action.take("drop", "not", "null") {
            // Who reads the column takes it for there.
            if state.phase != .contract { breaks(.dropInUse) }
        } else if action.take("set", "statistics") {
            return .shareUpdateExclusive
        } else if !action.take("set", "default"), !action.take("drop", "default"), !action.take("set", "storage"),
            !action.take("set", "compression")
        {
            breaks(.unknown)
        }
        return .accessExclusive
    }

    /// ADD of a column or a constraint.
    private mutating func add(
        to table: String,
        _ action: inout TokenCursor,
        _ state: inout LintState
    ) -> TableLock.Mode {
        lockReferences(action, state)
        let name = action.take("constraint") ? action.name() : nil
        guard
            name != nil || action.isAt("check") || action.isAt("foreign") || action.isAt("unique")
                || action.isAt("primary") || action.isAt("exclude")
        else {
            addColumn(&action)
            return .accessExclusive
        }
        let isValidated = !action.contains("not", "valid")
        if action.take("check") || action.isAt("foreign") {
            if isValidated { breaks(.validatingConstraint) }
            if let name { state.added(name, on: table, notNull: action.nonNullColumn, isValidated: isValidated) }
            return action.isAt("foreign") ? .shareRowExclusive : .accessExclusive
        }
        if action.isAt("exclude") || !action.contains("using", "index") { breaks(.indexingConstraint) }
        return .accessExclusive
    }

    private mutating func addColumn(_ action: inout TokenCursor) {
        action.take("column")
        action.take("if", "not", "exists")
        guard action.name() != nil else { return breaks(.unknown) }
        let isSerial =
            action.take(anyOf: ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"]) != nil
        let isGenerated = action.contains("generated")
        let value = action.defaultValue
        if isSerial || isGenerated || value?.isVolatile == true { breaks(.rewritingColumn) }
        if action.contains("not", "null"), value == nil, !isSerial, !isGenerated { breaks(.requiredColumn) }
        if action.contains("primary", "key"), value == nil, !isSerial, !isGenerated { breaks(.requiredColumn) }
        if action.contains("check") || action.contains("references") { breaks(.validatingConstraint) }
        if action.contains("unique") || action.contains("primary", "key") { breaks(.indexingConstraint) }
    }
}

extension TokenCursor {
    /// The column of a check `(column IS NOT NULL)`.
    fileprivate var nonNullColumn: String? {
        var cursor = self
        guard cursor.take(sign: "("), let column = cursor.name(), cursor.take("is", "not", "null"),
            cursor.take(sign: ")")
        else { return nil }
        return column
    }

    /// What stands behind DEFAULT, up to the next constraint of the column.
    fileprivate var defaultValue: TokenCursor? {
        var cursor = self
        while !cursor.isAtEnd, !cursor.take("default") { cursor.skip() }
        guard !cursor.isAtEnd else { return nil }
        let constraints: Set = [
            "not", "null", "check", "unique", "primary", "references", "constraint", "generated", "collate",
        ]
        var depth = 0
        // NULL is a value too where it comes first.
        let end = cursor.rest.indices.dropFirst().first { index in
            let token = cursor.rest[index]
            if token.kind == .sign, token.text == "(" { depth += 1 }
            if token.kind == .sign, token.text == ")" { depth -= 1 }
            return depth == 0 && token.kind == .word && constraints.contains(token.text)
        }
        return TokenCursor(cursor.rest[..<(end ?? cursor.rest.endIndex)])
    }

    /// Whether the expression may have another value for each row: whether it calls a function that is not known.
    fileprivate var isVolatile: Bool {
        // The same in all of a statement, so that rows that exist need not be written.
        let stable: Set = ["now", "transaction_timestamp", "statement_timestamp", "decode", "repeat", "lower", "upper"]
        return rest.indices.contains { index in
            guard rest[index].kind == .sign, rest[index].text == "(", index > rest.startIndex else { return false }
            let name = rest[index - 1]
            guard name.kind == .word || name.kind == .quotedName else { return false }
            // A type with its length, as in 'a'::varchar(10).
            let isType = index > rest.startIndex + 1 && rest[index - 2].text == ":"
            return !isType && !stable.contains(name.text)
        }
    }
}
