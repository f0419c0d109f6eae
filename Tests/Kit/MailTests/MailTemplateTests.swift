import Mail
import Testing

struct MailTemplateTests {
    private func template(_ text: String, _ html: String = "") throws(MailTemplate.Mistake) -> MailTemplate {
        try MailTemplate(name: "hello", text: text, html: html, values: ["name", "link"])
    }

    @Test func `values stand in subject, text and HTML, where they are escaped`() throws {
        let template = try template(
            "Subject: For {{name}}\n\nHello {{name}},\n{{link}}\n",
            "<a href=\"{{link}}\">{{name}}</a>"
        )
        let filled = template.filled(with: ["name": "<B> & \"C\" 'D'", "link": "https://example.org/?a=1&b=2"])
        #expect(filled.subject == "For <B> & \"C\" 'D'")
        #expect(filled.text == "Hello <B> & \"C\" 'D',\nhttps://example.org/?a=1&b=2\n")
        let escaped = "&lt;B&gt; &amp; &quot;C&quot; &#39;D&#39;"
        #expect(filled.html == "<a href=\"https://example.org/?a=1&amp;b=2\">\(escaped)</a>")
    }

    @Test func `a value is one line, and no template`() throws {
        let template = try template("Subject: S\n\n{{name}}|{{link}}")
        let filled = template.filled(with: ["name": "a\r\nYour password is\u{2028}{{link}}", "link": "x"])
        #expect(filled.text == "a  Your password is {{link}}|x")
    }

    @Test func `a value that is missing stands for nothing`() throws {
        #expect(try template("Subject: S\n\n[{{name}}]").filled(with: [:]).text == "[]")
    }

    @Test(
        arguments: [
            ("Hello", "", "hello.txt must begin with a line \"Subject: ...\" and an empty line"),
            ("Subject: S\nHello\n", "", "hello.txt must begin with a line \"Subject: ...\" and an empty line"),
            ("Subject: S\n\n{{nme}}", "", "hello.txt: there is no {{nme}}, but link, name"),
            ("Subject: {{x}}\n\n", "", "hello.txt: there is no {{x}}, but link, name"),
            ("Subject: S\n\n", "<p>{{name", "hello.html: a place has no end: {{name"),
        ]
    )
    func `a mistake is told with its file`(text: String, html: String, mistake: String) {
        let error = #expect(throws: MailTemplate.Mistake.self) { try template(text, html) }
        #expect(error?.description == mistake)
    }
}
