internal import Domain

/// The links of a list that is read by pages (RFC 8288): first, prev, next, last.
///
/// A page that lies too deep to be asked for is not linked.
struct PageLinks {
    let path: String
    let page: Int
    let last: Int
    let size: Int

    /// The value of the Link field.
    var value: String {
        var links = [link("first", 1)]
        if page > 1 { links.append(link("prev", min(page - 1, last))) }
        if page < last, isAllowed(page + 1) { links.append(link("next", page + 1)) }
        if isAllowed(last) { links.append(link("last", last)) }
        return links.joined(separator: ", ")
    }

    private func isAllowed(_ number: Int) -> Bool {
        (try? PageRequest(number: number, size: size)) != nil
    }

    private func link(_ relation: String, _ number: Int) -> String {
        "<\(path)?page=\(number)&per_page=\(size)>; rel=\"\(relation)\""
    }
}
