internal import JSON

/// The schemas of what ``Response`` writes around resources.
public enum Envelope {
    /// `{"data": ...}`.
    public static func data(_ schema: ValueSchema) -> ValueSchema {
        .object(ObjectShape(nil, [.init("data", schema)]))
    }

    /// `{"data": [...], "meta": ...}`.
    public static func list(of schema: ValueSchema, meta: ValueSchema) -> ValueSchema {
        .object(ObjectShape(nil, [.init("data", .array(of: schema)), .init("meta", meta)]))
    }

    /// The `meta` of a page by number.
    public static let page = ValueSchema.object(
        ObjectShape(
            "PageMeta",
            [
                .init("page", .integer(1...Int64.max), about: "The number of this page.", example: 1),
                .init("per_page", .integer(1...Int64.max), about: "The most items of a page.", example: 20),
                .init(
                    "total",
                    .integer(0...Int64.max),
                    about: "How many there are in all; missing where nobody wanted it counted.",
                    example: 142,
                    isRequired: false
                ),
            ]
        )
    )

    /// The `meta` of a step of a walk by cursor.
    public static let stretch = ValueSchema.object(
        ObjectShape(
            "CursorMeta",
            [
                .init("per_page", .integer(1...Int64.max), about: "The most items of an answer.", example: 20),
                .init(
                    "next_cursor",
                    .nullable(.string(length: 1...4096)),
                    about: "Goes on from here; null at the end.",
                    example: "AQZ2RdGWS1T1yQADAQAMYWRhIGRpamtzdHJhAAGh_lj"
                ),
                .init(
                    "prev_cursor",
                    .nullable(.string(length: 1...4096)),
                    about: "Goes back from here; null at the beginning.",
                    example: .null
                ),
            ]
        )
    )
}
