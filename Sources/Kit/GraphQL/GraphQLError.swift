public import JSON

/// What is wrong with a request, a document or a field, in GraphQL's own shape (September 2025, section 7.1.2).
///
/// Its message goes to the client, so it must not hold anything that the client may not know.
public struct GraphQLError: Error, Sendable, Equatable {
    /// One step on the way from the root of the data to a value.
    public enum PathElement: Sendable, Hashable {
        /// A field, by its response name.
        case name(String)
        /// An element of a list, from 0.
        case index(Int)
    }

    /// One English sentence.
    ///
    /// For people.
    public var message: String

    /// The places in the document that it is about.
    ///
    /// Empty where it is about none.
    public var locations: [SourceLocation]

    /// The way to the field that failed.
    ///
    /// Empty for errors of the request as a whole.
    public var path: [PathElement]

    /// What programs want to know, such as a code.
    ///
    /// Left out of the answer where it is empty.
    public var extensions: JSONObject

    /// Makes an error.
    ///
    /// The executor adds locations and path to what resolvers throw.
    public init(
        _ message: String,
        locations: [SourceLocation] = [],
        path: [PathElement] = [],
        extensions: JSONObject = JSONObject()
    ) {
        self.message = message
        self.locations = locations
        self.path = path
        self.extensions = extensions
    }

    /// Makes an error about places in a source.
    init(_ message: String, at offsets: [Int], in source: [UInt8]) {
        self.init(message, locations: SourceLocation.places(of: offsets, in: source))
    }
}

extension GraphQLError: JSONWritable {
    /// Writes the error as an element of `errors`.
    ///
    /// Empty members are left out.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("message", message)
            if !locations.isEmpty {
                writer.array("locations") { writer in
                    for location in locations {
                        writer.object { writer in
                            writer.member("line", location.line)
                            writer.member("column", location.column)
                        }
                    }
                }
            }
            if !path.isEmpty {
                writer.array("path") { writer in
                    for element in path {
                        switch element {
                        case .name(let name): writer.string(name)
                        case .index(let index): writer.integer(index)
                        }
                    }
                }
            }
            if !extensions.members.isEmpty { writer.member("extensions", extensions) }
        }
    }
}

extension GraphQLError: CustomStringConvertible {
    /// The message with its places.
    ///
    /// For tests and logs.
    public var description: String {
        message + locations.map { " (\($0.line):\($0.column))" }.joined()
    }
}
