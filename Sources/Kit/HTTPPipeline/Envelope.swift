public import JSON

extension Response {
    /// A response with `{"data": ...}`.
    @inlinable
    public static func data(_ status: Status = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(capacity: 512)
        writer.object { body in
            body.member("data") { write(&$0) }
        }
        return Response(status, contentType: MediaType.json, body: writer.bytes)
    }

    /// A response with `{"data": ...}`, the resource as its representation has it.
    @inlinable
    public static func data<Resource>(
        _ resource: Resource,
        as representation: Representation<Resource>,
        status: Status = .ok
    ) -> Response {
        data(status) { representation.write(resource, to: &$0) }
    }

    /// A response with `{"data": [...], "meta": {"page", "per_page", "total"}}`; without `total` where it is nil.
    @inlinable
    public static func page<Item>(
        _ items: [Item],
        page: Int,
        perPage: Int,
        total: Int?,
        _ write: (Item, inout JSONWriter) -> Void
    ) -> Response {
        list(.ok, items, write) { meta in
            meta.member("page", page)
            meta.member("per_page", perPage)
            if let total { meta.member("total", total) }
        }
    }

    /// A response with `{"data": [...], "meta": {"per_page", "next_cursor", "prev_cursor"}}`.
    @inlinable
    public static func stretch<Item>(
        _ items: [Item],
        perPage: Int,
        next: String?,
        previous: String?,
        _ write: (Item, inout JSONWriter) -> Void
    ) -> Response {
        list(.ok, items, write) { meta in
            meta.member("per_page", perPage)
            meta.member("next_cursor", next)
            meta.member("prev_cursor", previous)
        }
    }

    /// A response with `{"data": [...], "meta": {...}}`.
    @inlinable
    public static func list<Item>(
        _ status: Status,
        _ items: [Item],
        _ write: (Item, inout JSONWriter) -> Void,
        meta: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter(capacity: 64 + 320 * items.count)
        writer.object { body in
            body.array("data") { list in
                for item in items { write(item, &list) }
            }
            body.object("meta") { meta(&$0) }
        }
        return Response(status, contentType: MediaType.json, body: writer.bytes)
    }
}
