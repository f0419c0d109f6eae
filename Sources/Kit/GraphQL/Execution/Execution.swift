internal import JSON

/// One execution, breadth first (section 6.3 and 6.4; after Shopify's GraphQL Cardinal and gmac/graphql-breadth-exec).
///
/// The specification resolves object after object. Here a field is resolved once for all objects of its scope, and the
/// objects that it gives make the scopes of the next level. So a list of a hundred users with their sessions asks the
/// store twice, whatever the resolvers look like, and needs no promises for that. The three steps are: resolve level by
/// level; settle errors, where there are any; write.
///
/// Knows the context as anything, so that it is not generic: what is generic in a module of its own is not specialised, and
/// looks up types for all that it does.
final class Execution {
    private let schema: Schema
    private let resolvers: ResolverTable
    private let types: [ObjectIdentifier: ExecutableType]
    private let operation: PreparedOperation
    private let context: Any
    private let options: ExecutionOptions
    private let coercion: InputCoercion

    /// Whether there is an error, or a null where none may be.
    private var needsSettling = false
    private(set) var errors: [GraphQLError] = []

    init<Context>(
        _ schema: ExecutableSchema<Context>,
        _ operation: PreparedOperation,
        _ context: Context,
        _ options: ExecutionOptions
    ) {
        self.schema = schema.schema
        resolvers = schema.resolvers
        types = schema.types
        self.operation = operation
        self.context = context
        self.options = options
        coercion = InputCoercion(schema.schema, variables: operation.variables)
    }

    /// Gives the scope of the root, or nil where the data as a whole is null.
    func run() -> Scope? {
        guard let type = schema.root(operation.kind) else { return nil }
        let objects = ObjectColumn(objects: [()], count: 1)
        let root: Scope
        do {
            root = try scope(type, objects, [operation.definition.selections])
        } catch {
            errors.append(error)
            return nil
        }
        guard operation.kind == .mutation else {
            resolve(from: root)
            return !needsSettling || settle(root, row: 0) ? root : nil
        }
        // One after the other, each with all that is selected below it (section 6.2.2).
        for index in root.fields.indices {
            resolve(from: root, field: index)
            var path: [GraphQLError.PathElement] = []
            if needsSettling, !settle(root, field: index, row: 0, &path) { return nil }
            needsSettling = false
        }
        return root
    }
}

// MARK: - Resolving

extension Execution {
    private func resolve(from root: Scope) {
        for index in root.fields.indices { resolveField(index, of: root) }
        var level = root.fields.flatMap(\.scopes)
        while !level.isEmpty {
            for scope in level {
                for index in scope.fields.indices { resolveField(index, of: scope) }
            }
            level = level.flatMap { $0.fields.flatMap(\.scopes) }
        }
    }

    private func resolve(from root: Scope, field: Int) {
        resolveField(field, of: root)
        for scope in root.fields[field].scopes { resolve(from: scope) }
    }

    private func resolveField(_ index: Int, of scope: Scope) {
        let field = scope.fields[index]
        let count = scope.objects.count
        do {
            if field.definition === Introspection.typename {
                scope.fields[index].cells = Array(repeating: .leaf(.string(scope.type.name)), count: count)
                return
            }
            if options.isExpired() { throw GraphQLError("The request took too long.") }
            guard let resolver = field.field.resolver else {
                throw GraphQLError("Field '\(scope.type.name).\(field.definition.name)' has no resolver.")
            }
            let arguments = try self.arguments(of: field)
            let column = try resolver.resolve(scope.objects, arguments, context)
            guard column.cells.count == count else {
                throw GraphQLError("The resolver of '\(scope.type.name).\(field.definition.name)' miscounts.")
            }
            try take(column, into: scope, index)
        } catch {
            scope.fields[index].cells = Array(repeating: .failure(error), count: count)
            needsSettling = true
        }
    }

    private func take(_ column: ResolvedColumn, into scope: Scope, _ index: Int) throws {
        let field = scope.fields[index].field
        let (type, named) = (field.definition.type, field.type)
        if named.kind.isLeaf {
            scope.fields[index].cells = column.cells.map { complete($0, type, named) }
            return
        }
        let selections = scope.fields[index].nodes.compactMap(\.selections)
        for group in column.groups {
            guard let object = group.type == named.name ? named : schema.type(group.type), object.kind == .object,
                object === named || schema.isPossible(object.name, for: named)
            else { throw GraphQLError("A value of type '\(group.type)' is none of '\(named.name)'.") }
            let objects = group.isErased ? resolvers.column(erased(group.column), of: object.name) : group.column
            guard let objects else {
                throw GraphQLError("An object of type '\(object.name)' is of another Swift type.")
            }
            scope.fields[index].scopes.append(try self.scope(object, objects, selections))
        }
        scope.fields[index].cells = column.cells
        for cell in column.cells where !isSound(cell, type) { needsSettling = true }
    }

    private func erased(_ column: ObjectColumn) -> [Any] {
        column.objects as? [Any] ?? []
    }

    /// Collects the fields for a type, once for all its objects.
    private func scope(
        _ type: NamedType,
        _ objects: ObjectColumn,
        _ selections: [[Selection]]
    ) throws(GraphQLError) -> Scope {
        var collection = FieldCollection(for: type, schema, operation.fragments, operation.variables)
        for selections in selections { try collection.collect(selections) }
        var fields: [ScopeField] = []
        fields.reserveCapacity(collection.groups.count)
        let known = types[ObjectIdentifier(type)]?.fields ?? [:]
        for group in collection.groups {
            guard let name = group.fields.first?.name.text, let field = known[name] else { continue }
            fields.append(ScopeField(name: group.name, nodes: group.fields, field: field))
        }
        return Scope(type, objects, fields: fields)
    }

    private func complete(_ cell: Cell, _ type: TypeReference, _ named: NamedType) -> Cell {
        let completed: Cell
        switch cell {
        case .leaf(let value): completed = LeafCompletion.complete(value, type, named)
        case .list(let cells):
            guard let element = type.element else {
                needsSettling = true
                return .failure(GraphQLError("The field's value is not of type '\(type)'."))
            }
            completed = .list(cells.map { complete($0, element, named) })
        case .null, .failure, .object: completed = cell
        }
        if !isSound(completed, type) { needsSettling = true }
        return completed
    }

    /// False where there is something to settle.
    private func isSound(_ cell: Cell, _ type: TypeReference) -> Bool {
        switch cell {
        case .null: return !type.isNonNull
        case .failure: return false
        case .leaf, .object: return type.element == nil
        case .list(let cells):
            guard let element = type.element else { return false }
            return cells.allSatisfy { isSound($0, element) }
        }
    }
}

// MARK: - Arguments

extension Execution {
    /// Coerces the arguments of a field, once for all objects (section 6.4.1, CoerceArgumentValues).
    private func arguments(of field: ScopeField) throws(GraphQLError) -> Arguments {
        guard !field.definition.arguments.isEmpty, let node = field.nodes.first else { return Arguments() }
        var members: [JSONObject.Member] = []
        for definition in field.definition.arguments {
            let given = node.arguments.first { $0.name.text == definition.name }
            if let given, !coercion.isMissing(given.value) {
                guard let value = coercion.coerce(given.value, definition.type) else {
                    throw GraphQLError(
                        "Argument '\(definition.name)' has invalid value \(given.value.kind.printed.prefix(64)).",
                        at: [given.value.offset],
                        in: operation.source
                    )
                }
                members.append(.init(name: definition.name, value: value))
            } else if let value = coercion.defaultValue(of: definition) {
                members.append(.init(name: definition.name, value: value))
            } else if definition.type.isNonNull {
                throw GraphQLError(
                    "Argument '\(definition.name)' of required type '\(definition.type)' was not provided.",
                    at: [given?.value.offset ?? node.offset],
                    in: operation.source
                )
            }
        }
        return Arguments(JSONObject(members))
    }
}

// MARK: - Settling

extension Execution {
    /// Tells errors and lets a null rise to where one is allowed (section 6.4.4); false where it rises above the object.
    private func settle(_ scope: Scope, row: Int) -> Bool {
        var path: [GraphQLError.PathElement] = []
        return settle(scope, row: row, &path)
    }

    private func settle(_ scope: Scope, row: Int, _ path: inout [GraphQLError.PathElement]) -> Bool {
        for index in scope.fields.indices where !settle(scope, field: index, row: row, &path) { return false }
        return true
    }

    private func settle(
        _ scope: Scope,
        field index: Int,
        row: Int,
        _ path: inout [GraphQLError.PathElement]
    ) -> Bool {
        let field = scope.fields[index]
        path.append(.name(field.name))
        defer { path.removeLast() }
        guard let cell = settle(field.cells[row], field.definition.type, field, of: scope.type, &path) else {
            return false
        }
        scope.fields[index].cells[row] = cell
        return true
    }

    /// The cell as it is written, or nil where it must not be null but is.
    private func settle(
        _ cell: Cell,
        _ type: TypeReference,
        _ field: ScopeField,
        of parent: NamedType,
        _ path: inout [GraphQLError.PathElement]
    ) -> Cell? {
        let absent: Cell? = type.isNonNull ? nil : .null
        switch cell {
        case .failure(let error):
            report(error, field, path)
            return absent
        case .null:
            if type.isNonNull {
                let place = "\(parent.name).\(field.definition.name)"
                report(GraphQLError("Cannot return null for non-nullable field \(place)."), field, path)
            }
            return absent
        case .leaf, .object:
            if type.element != nil {
                report(GraphQLError("The field's value is not of type '\(type)'."), field, path)
                return absent
            }
            guard case .object(let group, let row) = cell else { return cell }
            return settle(field.scopes[group], row: row, &path) ? cell : absent
        case .list(let cells):
            guard let element = type.element else {
                report(GraphQLError("The field's value is not of type '\(type)'."), field, path)
                return absent
            }
            var settled: [Cell] = []
            settled.reserveCapacity(cells.count)
            for (index, cell) in cells.enumerated() {
                path.append(.index(index))
                let cell = settle(cell, element, field, of: parent, &path)
                path.removeLast()
                guard let cell else { return absent }
                settled.append(cell)
            }
            return .list(settled)
        }
    }

    private func report(_ error: any Error, _ field: ScopeField, _ path: [GraphQLError.PathElement]) {
        guard errors.count < options.maximumErrors else { return }
        var told = error as? GraphQLError ?? options.describe(error)
        if told.path.isEmpty { told.path = path }
        if told.locations.isEmpty {
            told.locations = SourceLocation.places(of: field.nodes.prefix(16).map(\.offset), in: operation.source)
        }
        errors.append(told)
    }
}

// MARK: - Writing

extension Scope {
    /// Writes one object, straight from the columns (section 7.2.2: in the order of the selection).
    func write(row: Int, to writer: inout JSONWriter) {
        writer.object { writer in
            for field in fields {
                writer.member(escaping: field.name) { writer in field.write(field.cells[row], to: &writer) }
            }
        }
    }
}

extension ScopeField {
    fileprivate func write(_ cell: Cell, to writer: inout JSONWriter) {
        switch cell {
        case .null, .failure: writer.null()
        case .leaf(let value): writer.write(value)
        case .object(let group, let row): scopes[group].write(row: row, to: &writer)
        case .list(let cells):
            writer.array { writer in
                for cell in cells { write(cell, to: &writer) }
            }
        }
    }
}
