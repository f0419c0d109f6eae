import Linux
import PostgreSQL
import PostgreSQLTestSupport
import Testing

struct NotificationTests {
    private let options: ConnectionOptions

    init() throws {
        options = try ScratchServer.shared().makeDatabase()
    }

    @Test func `what others call out on a channel is heard, each call once and in order`() throws {
        let connection = try Connection(options)
        try connection.run("LISTEN here")
        #expect(try connection.nextNotification(timeout: .milliseconds(1)) == nil)
        for text in ["one", "", "three"] { try ScratchServer.run("SELECT pg_notify('here', '\(text)')", options) }
        try ScratchServer.run("SELECT pg_notify('elsewhere', 'other')", options)
        for text in ["one", "", "three"] {
            #expect(try connection.nextNotification(timeout: .seconds(600)) == text)
        }
        #expect(try connection.nextNotification(timeout: .milliseconds(1)) == nil)
        // It goes on to be good for statements, behind which a call may come.
        try ScratchServer.run("SELECT pg_notify('here', 'four')", options)
        #expect(try connection.number("SELECT 7::bigint") == 7)
        #expect(try connection.nextNotification(timeout: .seconds(600)) == "four")
    }

    @Test func `who listens is told when the connection ends`() throws {
        let connection = try Connection(options)
        try connection.run("LISTEN here")
        try ScratchServer.run("SELECT pg_terminate_backend(\(connection.serverProcess))", options)
        let error = try failure {
            while true { _ = try connection.nextNotification(timeout: .seconds(600)) }
        }
        #expect(error?.isConnectionLost == true && connection.isLost)
    }
}
