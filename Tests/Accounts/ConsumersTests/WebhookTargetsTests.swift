import Consumers
import Domain
import Testing

/// Where webhooks may be sent to.
struct WebhookTargetsTests {
    private let inside = WebhookTargets(hasNetworks: true) { $0.hasPrefix("10.") }
    private let outside = WebhookTargets(hasNetworks: false) { _ in false }

    @Test(arguments: [
        "https://127.0.0.1/", "https://LOCALHOST/", "https://x.localhost/", "https://10.0.0.1/", "https://[::1]/",
        "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/", "https://0.0.0.0/",
        "http://9.9.9.9/", "http://receiver.example/",
    ])
    func `what only the machine or the site reaches is no target, and none is without encryption`(text: String) throws {
        #expect(outside.mayReach(try WebhookURL(text)) == false)
    }

    @Test(arguments: ["https://9.9.9.9/", "https://[2620:fe::fe]/", "https://receiver.example/"])
    func `addresses of the internet are targets, and names, which are judged when they are resolved`(
        text: String
    ) throws {
        #expect(outside.mayReach(try WebhookURL(text)))
    }

    @Test func `named networks are targets with and without encryption, and nothing else of the site is`() throws {
        #expect(inside.mayReach(try WebhookURL("https://10.0.0.1/")))
        #expect(inside.mayReach(try WebhookURL("http://10.0.0.1/")))
        #expect(inside.mayReach(try WebhookURL("http://receiver.example/")))
        #expect(inside.mayReach(try WebhookURL("http://127.0.0.1/")) == false)
        #expect(inside.mayReach(try WebhookURL("http://9.9.9.9/")) == false)
    }
}
