"""A mail server that keeps what it is given; see scripts/smtp-server."""

import argparse
import asyncio
import json
import os
import ssl
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/smtp-server")
    parser.add_argument("--directory", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--answer", action="append", default=[])
    return parser.parse_args()


class Keeping:
    """Writes messages down in the order in which they come, or answers what it was told to."""

    def __init__(self, options):
        self.directory = options.directory
        self.answers = dict(answer.split("=", 1) for answer in options.answer)
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "end" in self.answers:
            return self.answers["end"]
        self.count += 1
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "hello": session.host_name,
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        self.write("json", json.dumps(facts).encode())
        # The message comes last: who finds it finds its envelope too.
        self.write("eml", envelope.original_content)
        return "250 2.0.0 Kept"

    def write(self, kind, content):
        path = os.path.join(self.directory, f"{self.count}.{kind}")
        with open(path + ".new", "wb") as file:
            file.write(content)
        os.rename(path + ".new", path)


class Server(SMTP):
    """Can refuse DATA itself, for which there is no hook."""

    async def smtp_DATA(self, arg):
        if "data" in self.event_handler.answers:
            await self.push(self.event_handler.answers["data"])
        else:
            await super().smtp_DATA(arg)


async def serve(options):
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        known = LoginPassword((options.user or "").encode(), (options.password or "").encode())
        return AuthResult(success=data == known, auth_data=data, handled=False)

    handler = Keeping(options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(
            handler,
            hostname="mail.test",
            tls_context=None if options.implicit_tls else context,
            require_starttls=context is not None and not options.implicit_tls,
            auth_required=options.user is not None,
            auth_require_tls=False,
            authenticator=authenticate,
            loop=loop,
        ),
        "127.0.0.1",
        options.port,
        ssl=context if options.implicit_tls else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with its parent, which may be killed.
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)


if __name__ == "__main__":
    # It warns of sign-ins without TLS, which are what a test may want.
    warnings.simplefilter("ignore")
    try:
        asyncio.run(serve(arguments()))
    except KeyboardInterrupt:
        pass
