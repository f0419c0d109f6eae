/// Something in the database, or in this module, that cannot be.
struct StorageFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
