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

    /// A response with `{"data": [...], "meta": {"page", "per_page", "total"}}`.
    @inlinable
    public static func page<Item>(
        _ items: [Item],
        page: Int,
        perPage: Int,
        total: Int,
        _ write: (Item, inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter(capacity: 64 + 320 * items.count)
        writer.object { body in
            body.array("data") { list in
                for item in items { write(item, &list) }
            }
            body.object("meta") { meta in
                meta.member("page", page)
                meta.member("per_page", perPage)
                meta.member("total", total)
            }
        }
        return Response(.ok, contentType: MediaType.json, body: writer.bytes)
    }
}
