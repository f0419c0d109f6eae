internal import Domain

extension Caller {
    /// Throws `readOnlyKey` to a key for reading and, where a password is to be set, `sessionRequired` to any key.
    func checkMayChange(settingPassword: Bool = false) throws {
        guard mayChange else { throw DomainError.readOnlyKey }
        guard !settingPassword || maySetPasswords else { throw DomainError.sessionRequired }
    }
}
