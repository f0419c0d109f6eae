internal import Curl
internal import Domain

/// Messages over libcurl, to where webhooks may be sent.
package final class CurlTransport: WebhookTransport {
    private var encrypted: HTTPClient
    private var plain: HTTPClient

    /// Makes a client for each scheme; a connection is kept for the next message.
    ///
    /// - Parameters:
    ///   - agent: how it calls itself.
    ///   - targets: what may be connected to.
    /// - Throws: where libcurl cannot be used.
    package init(agent: String, targets: WebhookTargets) throws {
        var options = HTTPClient.Options(agent: agent)
        options.limits = TransferLimits(connecting: .seconds(5), total: .seconds(10))
        options.rule = targets.rule(encrypted: true)
        encrypted = try HTTPClient(options)
        options.rule = targets.rule(encrypted: false)
        plain = try HTTPClient(options)
    }

    package func post(_ message: WebhookMessage, until shouldStop: @escaping () -> Bool) throws -> Int {
        let request = HTTPRequest(url: message.url.text, fields: message.fields, body: message.body)
        return message.url.isEncrypted
            ? try encrypted.post(request, until: shouldStop).status : try plain.post(request, until: shouldStop).status
    }
}
