internal import Domain

extension Principal {
    /// Throws `readOnlyKey` to a key for reading and, where a password is to be set, `sessionRequired` to any key.
    func checkMayChange(settingPassword: Bool = false) throws {
        guard mayChange else { throw DomainError.readOnlyKey }
        guard !settingPassword || sessionID != nil else { throw DomainError.sessionRequired }
    }
}
