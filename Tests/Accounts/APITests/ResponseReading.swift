import HTTPPipeline
import JSON

extension Response {
    /// The whole body.
    var bodyObject: JSONObject {
        get throws {
            guard case .object(let members) = try JSONReader.read(body) else { throw NoObject() }
            return members
        }
    }

    /// The resource in the body.
    var data: JSONObject {
        get throws {
            guard case .object(let members)? = try bodyObject["data"] else { throw NoObject() }
            return members
        }
    }

    /// The code of the error in the body.
    var errorCode: String? {
        get throws {
            guard case .object(let members)? = try bodyObject["error"] else { throw NoObject() }
            return members["code"]?.string
        }
    }

    /// The values of all fields of a name.
    func values(of name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    private struct NoObject: Error {}
}
