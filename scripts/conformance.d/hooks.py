"""What schemathesis has to know of Gatehouse: where it listens, and who calls.

The caller is somebody whom the command line has made, and who is signed in. Many calls end their own caller: signing out,
ending all sessions, deleting or disabling the account. Nothing of that is left out. The call that follows is then refused
with 401, which is declared, and the caller is made anew.
"""

import json
import os
import secrets
import socket
import subprocess
from http.client import HTTPConnection

import schemathesis
import urllib3.connection
from hypothesis import strategies

SOCKET = os.environ["CONFORMANCE_SOCKET"]
ROLE = os.environ["CONFORMANCE_CALLER"]
PASSWORD = "quantal vellum ostrich"


def connect():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(20)
    connection.connect(SOCKET)
    return connection


# nginx listens on a socket of the instance, whatever the address says: no port has to be free.
urllib3.connection.HTTPConnection._new_conn = lambda self: connect()


# The grammars of If-Match and Idempotency-Key are some that no JSON Schema tells. Each change has a key of its own: under one
# that was used, what is made may have been deleted since.
schemathesis.openapi.format("entity-tags", strategies.sampled_from(["*", '"nothing"', 'W/"a", "b"']))
schemathesis.openapi.format("idempotency-key", strategies.uuids().map(lambda key: f'"{key}"'))


# What is one of GraphQL's own scalars.
schemathesis.graphql.scalar(
    "DateTime", strategies.datetimes().map(lambda time: schemathesis.graphql.nodes.String(f"{time:%Y-%m-%dT%H:%M:%SZ}"))
)

# The codes of refusals; INTERNAL is none, and what is unavailable here has no reason to be.
REFUSALS = {
    "VALIDATION_ERROR", "UNAUTHENTICATED", "INVALID_CREDENTIALS", "FORBIDDEN", "NOT_FOUND", "CONFLICT",
    "PRECONDITION_FAILED", "INVALID_CURSOR", "OPERATION_TOO_LARGE", "SESSION_EXPIRED",
}


@schemathesis.check
def every_error_of_graphql_is_a_refusal(context, response, case):
    if not response.request.url.endswith("/graphql"):
        return
    assert response.status_code in (200, 400, 401, 403), response.status_code
    content = response.json()
    assert set(content) <= {"data", "errors"}, content
    for error in content.get("errors", []):
        code = error.get("extensions", {}).get("code")
        assert code in REFUSALS, error
    assert "data" in content or content["errors"], content


def ask(method, path, token=None, body=None):
    """Sends a request beside the test; gives status and body."""
    connection = HTTPConnection("localhost")
    connection.sock = connect()
    fields = {"Content-Type": "application/json"}
    if token:
        fields["Authorization"] = f"Bearer {token}"
    connection.request(method, path, json.dumps(body) if body else None, fields)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, json.loads(text) if text else None


class Caller:
    """The account that calls, as long as it lasts."""

    token = None

    @classmethod
    def renew(cls):
        address = f"caller-{secrets.token_hex(8)}@example.com"
        command = [
            os.environ["GATEHOUSE_PROGRAM"], "users", "create", "--data", os.environ["CONFORMANCE_DATA"],
            "--email", address, "--name", "Caller", "--password-stdin",
        ]
        if ROLE == "administrator":
            command.append("--admin")
        subprocess.run(command, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        status, body = ask("POST", "/api/v1/sessions", body={"email": address, "password": PASSWORD})
        assert status == 201, body
        cls.token = body["data"]["token"]


if ROLE != "nobody":
    Caller.renew()

    @schemathesis.auth(cache_by_key=None, refresh_interval=None)
    class SignedIn:
        def get(self, case, context):
            return Caller.token

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"

    @schemathesis.hook
    def after_call(context, case, response):
        sent = response.request.headers.get("Authorization")
        if response.status_code == 401 and sent == f"Bearer {Caller.token}":
            status, _ = ask("GET", "/api/v1/me", Caller.token)
            if status == 401:
                Caller.renew()
