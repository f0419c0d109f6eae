import Database
import Domain
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Every statement is served by the index that it declares.
@Suite struct PlanTests {
    @Test func `every plan is as declared on an empty database`() throws {
        let database = try ScratchDatabase()
        let violations = try database.registry.planViolations(in: database.session)
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test(arguments: [
        "users_email_folded", "users_created_at", "users_updated_at", "users_name_folded", "users_role_created_at",
        "users_status_created_at", "users_role_status_created_at",
        "sessions_token_digest", "sessions_user_id", "sessions_expires_at", "api_keys_token_digest", "api_keys_user_id",
        "api_keys_expires_at", "receipts_request", "receipts_client", "receipts_expires_at",
        "confirmations_token_digest", "confirmations_user_id", "confirmations_email_folded", "confirmations_expires_at",
        "held_events_due_at", "held_events_subject", "held_events_sequence", "audit_chain_occurred_at",
        "audit_chain_type", "audit_chain_subject", "audit_chain_actor_id", "held_events_given_up",
        "webhook_deliveries_webhook_id", "webhook_deliveries_attempted_at",
    ])
    func `without one of the indexes the check goes red`(index: String) throws {
        let database = try ScratchDatabase()
        let drop = Migration(id: 999, name: "drop an index", up: ["DROP INDEX \(index)"], irreversible: "a test")
        _ = try Migrator(Schema.migrations + [drop]).up(in: database.session)
        // A statement that names its index no longer prepares at all, which is as red.
        let violations = try? database.registry.planViolations(in: database.session)
        #expect(violations?.isEmpty != true)
    }
}
