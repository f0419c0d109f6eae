internal import HTTPPipeline
internal import JSON
internal import OpenAPI
internal import Synchronization

/// The description of the API as it is sent, made when somebody first asks and then kept for all threads.
package final class PublishedDocument: Sendable {
    fileprivate struct Content {
        let bytes: [UInt8]
        let tag: EntityTag
    }

    private let content = Mutex<Content?>(nil)

    /// Keeps nothing yet.
    package init() {}

    fileprivate func content(_ make: () -> Document) -> Content {
        content.withLock { kept in
            if let kept { return kept }
            var writer = JSONWriter(capacity: 1 << 17)
            make().json.write(to: &writer)
            let made = Content(bytes: writer.bytes, tag: EntityTag(ofContent: writer.bytes))
            kept = made
            return made
        }
    }
}

/// What answers `/openapi.json`.
struct DocumentHandler {
    let published: PublishedDocument

    /// The description, or 304 for a client that has it.
    func show(_ call: Call, describing make: () -> Document) throws -> Response {
        let content = published.content(make)
        switch try Preconditions(of: call.request).verdict(on: content.tag, for: .get) {
        case .failed:
            throw HTTPError(.preconditionFailed, "The description has changed.")
        case .notModified:
            return fresh(Response(.notModified), content)
        case .proceed:
            return fresh(Response(.ok, contentType: MediaType.json, body: content.bytes), content)
        }
    }

    /// Anyone may keep it, and has it again for a while after a release.
    private func fresh(_ response: Response, _ content: PublishedDocument.Content) -> Response {
        var response = response.tagged(content.tag)
        response.add("Cache-Control", "public, max-age=300")
        response.add("Vary", "Accept")
        return response
    }
}
