internal import JSON
internal import Linux

/// What a supervisor leaves to the program that takes its place in the same process.
///
/// exec(2) keeps the process with its id, its children, and the descriptors that are not close-on-exec. The rest goes as
/// a JSON document in a file in memory, whose descriptor an environment variable names. It may be read by another version
/// of the program: members are only ever added.
public struct Succession {
    /// Who is to be given the document.
    public enum Heir: Sendable {
        /// This process, after exec.
        case successor
        /// A child of the supervisor that only tries to read it, and says so by its exit code, before anything is risked.
        case reader
    }

    static let variable = "POOL_SUCCESSION"
    private static let readerVariable = "POOL_SUCCESSION_TRIAL"

    /// What this process has in the supervisor's place.
    public let heir: Heir
    /// The lock that keeps other supervisors away, as the one before handed it over.
    public let lock: Int32?
    let state: PoolState
    private let document: JSONObject

    struct Member {
        let id: Int
        let pid: Int32
        let control: Int32
    }

    /// Reads the document that the environment (`NAME=value` each) names; nil for a supervisor that begins anew.
    ///
    /// - Throws: ``Unreadable`` where it is not one that this program can go on from.
    public init?(environment: [String]) throws {
        func descriptor(_ name: String) -> Int32? {
            environment.first { $0.hasPrefix("\(name)=") }.flatMap { Int32($0.dropFirst(name.count + 1)) }
        }
        let number: Int32
        if let successor = descriptor(Self.variable) {
            (heir, number) = (.successor, successor)
        } else if let reader = descriptor(Self.readerVariable) {
            (heir, number) = (.reader, reader)
        } else {
            return nil
        }
        let file = FileDescriptor(owning: number)
        try file.rewind()
        guard case .object(let document) = try JSONReader.read(try file.readAll(limit: 1 << 24)),
            // Where somebody else's environment was inherited, the document is not this process's.
            heir == .reader || document.number("pid") == Int(ThisProcess.id),
            let state = document.object("state").flatMap(PoolState.init), document.number("listener") != nil
        else { throw Unreadable() }
        self.state = state
        self.document = document
        lock = document.number("lock").map(Int32.init(truncatingIfNeeded:))
    }

    /// The document cannot be read.
    public struct Unreadable: Error, CustomStringConvertible {
        /// In words, for the operator.
        public var description: String { "what the supervisor before this one left cannot be read" }
    }

    /// The environment without what is meant for this process only.
    static func cleaned(_ environment: [String]) -> [String] {
        environment.filter { !$0.hasPrefix("\(variable)=") && !$0.hasPrefix("\(readerVariable)=") }
    }

    static func assignment(for heir: Heir, _ number: Int32) -> String {
        "\(heir == .successor ? variable : readerVariable)=\(number)"
    }

    // MARK: - Its content

    func descriptor(_ name: String) -> Int32? { document.number(name).map(Int32.init(truncatingIfNeeded:)) }

    func descriptors(_ name: String) -> [Int32] { document.numbers(name).map(Int32.init(truncatingIfNeeded:)) }

    /// Processes by the numbers of their workers.
    var members: [Member] {
        document.objects("members").compactMap(Self.member)
    }

    /// The companion, by the number of its generation, and how far it is.
    var companion: (member: Member, phase: CompanionState.Phase)? {
        guard let object = document.object("companion"), let member = Self.member(object),
            let phase = object.text("phase").flatMap(CompanionState.Phase.init(rawValue:))
        else { return nil }
        return (member, phase)
    }

    /// Where the program lies that a reload takes.
    var binaryPath: String? { document.text("program") }

    /// The numbers of generations, with the descriptors of binary and configuration.
    var generations: [(number: Int, binary: Int32, configuration: Int32)] {
        document.objects("generations").compactMap { object in
            guard let number = object.number("number"), let binary = object.number("binary"),
                let configuration = object.number("configuration")
            else { return nil }
            return (number, Int32(truncatingIfNeeded: binary), Int32(truncatingIfNeeded: configuration))
        }
    }

    private static func member(_ object: JSONObject) -> Member? {
        guard let id = object.number("id"), let pid = object.number("pid"), let control = object.number("control")
        else { return nil }
        return Member(id: id, pid: Int32(truncatingIfNeeded: pid), control: Int32(truncatingIfNeeded: control))
    }
}
