internal import JSON

extension Member where Value == [MemberValues] {
    /// Elements with more faults than this are not looked at any further: the answer would not get better.
    private static var enoughDetails: Int { 1000 }

    /// Declares a member that is an array of objects, whose faults are told together by paths such as `3.name`.
    ///
    /// `checking` gets the elements as far as they are valid, all of them and in order, and tells what is wrong between
    /// them, such as two that are alike.
    public init(
        objects name: String,
        _ schema: ObjectSchema,
        count: ClosedRange<Int>,
        checking: @escaping @Sendable ([MemberValues]) -> [HTTPError.Detail] = { _ in [] }
    ) {
        self.init(name, .objects(schema, count: count)) { value throws(MemberRefusal) in
            guard case .array(let array) = value else { throw MemberRefusal("must be an array") }
            var elements: [MemberValues] = []
            var faults: [HTTPError.Detail] = []
            for (index, element) in array.enumerated() where faults.count < Self.enoughDetails {
                guard case .object(let object) = element else {
                    faults.append(HTTPError.Detail(field: "\(index)", message: "must be an object"))
                    elements.append(MemberValues())
                    continue
                }
                let (values, details) = schema.examine(object)
                faults += details.map { HTTPError.Detail(field: "\(index).\($0.field)", message: $0.message) }
                elements.append(values)
            }
            faults += checking(elements)
            guard faults.isEmpty else { throw MemberRefusal(parts: faults) }
            return elements
        }
    }
}
