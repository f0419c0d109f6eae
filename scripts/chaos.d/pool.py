#!/usr/bin/env python3
"""Load through nginx over TLS with keep-alive while the pool is treated as a row says; prints that row of the table.

Each client has a user of its own and goes round: make an API key, change the user's name, read it back, end the key. So
whatever is lost or done twice is seen: a change that was acknowledged and is not there, or a key that is left over.
Ends with 1 where anything failed, was lost or was done twice, or where the pool did not do what it was told.
"""
import argparse
import http.client
import json
import os
import random
import select
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid

PASSWORD = "quantal vellum ostrich"
over = threading.Event()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row")
    parser.add_argument("--times", type=int, help="treat so often, however long it takes")
    parser.add_argument("--seconds", type=float, help="treat for so long")
    parser.add_argument("--every", type=float, default=0.25, help="seconds from one treatment to the next")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--data", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--program", help="gatehouse; without it the pool is a peer's")
    parser.add_argument("--nginx", type=int, help="the master of nginx")
    parser.add_argument("--peer", type=int, help="the master of another pool, which reloads by USR2")
    parser.add_argument("--seed", type=int)
    return parser.parse_args()


class Client:
    """One connection at a time, made anew where nginx has said or shown that it ends."""

    def __init__(self, options, number):
        self.options, self.number = options, number
        self.context = ssl.create_default_context(cafile=f"{options.data}/tls/server.crt")
        self.connection = self.token = self.user = None
        self.times, self.failures = [], []
        self.count = self.again = self.written = self.lost = self.doubled = self.unknown = 0

    def ask(self, method, path, body=None):
        """The content of the answer, {} where it has none; None where there was no good answer."""
        fields = {}
        if body is not None:
            fields["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
        if self.token:
            fields["Authorization"] = f"Bearer {self.token}"
            if method == "POST":
                fields["Idempotency-Key"] = f'"{uuid.uuid4()}"'
        self.count += 1
        began = time.monotonic()
        try:
            status, content = self.exchange(method, path, body, fields)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return self.fail(f"{method} {path}: {error!r}")
        self.times.append(time.monotonic() - began)
        if status not in (200, 201, 204):
            return self.fail(f"{method} {path}: {status} {content[:120]!r}")
        return json.loads(content) if content else {}

    def exchange(self, method, path, body, fields):
        # What nginx has closed while nothing was sent: any client makes a new one.
        if self.connection and select.select([self.connection.sock], [], [], 0)[0]:
            self.close()
        is_reused = self.connection is not None
        try:
            return self.send(method, path, body, fields)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
            # A worker of nginx that ends closes idle connections, one on which a request is under way among them; no
            # client can tell. It asks again under the same Idempotency-Key, so that nothing is made twice.
            if not (is_reused and self.options.row in ("nginx", "random")):
                raise
            self.close()
            self.again += 1
            status, content = self.send(method, path, body, fields)
            return (204, b"") if method == "DELETE" and status == 404 else (status, content)

    def send(self, method, path, body, fields):
        if not self.connection:
            self.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.options.port, context=self.context, timeout=60
            )
        self.connection.request(method, path, None if body is None else json.dumps(body), fields)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.will_close:
            self.close()
        return answer.status, content

    def fail(self, what):
        self.failures.append(what)
        return None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def sign_in(self):
        credentials = {"email": f"client{self.number}@example.com", "password": PASSWORD}
        answer = self.ask("POST", "/api/v1/sessions", credentials)
        if not answer:
            sys.exit(f"client {self.number} cannot sign in: {self.failures}")
        self.token = answer["data"]["token"]
        self.user = self.ask("GET", "/api/v1/me")["data"]["id"]
        self.times, self.count = [], 0
        # What a row before left over is none of this one's.
        for key in self.ask("GET", "/api/v1/api-keys")["data"]:
            self.ask("DELETE", f"/api/v1/api-keys/{key['id']}")

    def run(self):
        path, rounds = f"/api/v1/users/{self.user}", 0
        while not over.is_set():
            rounds += 1
            key = self.ask("POST", "/api/v1/api-keys", {"name": f"key {rounds}"})
            if key is None:
                self.unknown += 1
            name = f"Client {self.number} in round {rounds}"
            if self.ask("PATCH", path, {"name": name}) is not None:
                self.written += 1
                seen = self.ask("GET", path)
                self.lost += seen is not None and seen["data"]["name"] != name
            if key is not None:
                self.written += 1
                before = len(self.failures)
                if self.ask("DELETE", f"/api/v1/api-keys/{key['data']['id']}") is not None:
                    self.written += 1
                elif self.failures[before].split(": ")[1].startswith("404"):
                    self.lost += 1
                else:
                    self.unknown += 1
        left = self.ask("GET", "/api/v1/api-keys")
        # Of a key whose answer failed it is not known whether it is there.
        self.doubled = max(0, len(left["data"]) - self.unknown) if left else 0


class Treatments:
    """What is done to the pool meanwhile; each tells whether it was done."""

    def __init__(self, options):
        self.options = options
        self.chance = random.Random(options.seed)
        self.durations = []
        # The supervisor that was started here, after one was killed.
        self.supervisor = None

    def gatehouse(self, *words):
        done = subprocess.run(
            [self.options.program, *words, "--data", self.options.data],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )
        return done.returncode == 0, done.stdout.strip()

    def command(self, *words):
        began = time.monotonic()
        is_done, text = self.gatehouse(*words)
        self.durations.append(time.monotonic() - began)
        if not is_done:
            print(f"  {' '.join(words)}: {text}", file=sys.stderr)
        return is_done

    def quiet(self):
        return True

    def reload(self):
        if self.options.peer:
            os.kill(self.options.peer, signal.SIGUSR2)
            return True
        return self.command("reload")

    def upgrade(self):
        return self.command("upgrade")

    def recycle(self):
        # The workers ask for it themselves; see main.
        return True

    def workers(self):
        # TTIN and TTOU by name, as the last worker stays and is none to take away.
        is_done, text = self.gatehouse("workers", self.chance.choice(["add", "remove"]))
        return is_done or "no more or less" in text

    def nginx(self):
        os.kill(self.options.nginx, signal.SIGHUP)
        return True

    def kill_worker(self):
        lines = [line.split() for line in self.gatehouse("status")[1].splitlines() if line.startswith("worker ")]
        pids = [int(words[words.index("pid") + 1]) for words in lines if "-" not in words]
        if pids:
            try:
                os.kill(self.chance.choice(pids), signal.SIGKILL)
            except ProcessLookupError:
                pass
        return True

    def kill_supervisor(self):
        """Kills it, and starts the next one, which takes the workers over."""
        number = f"{self.options.data}/run/supervisor.pid"
        began = time.monotonic()
        with open(number) as file:
            try:
                os.kill(int(file.read()), signal.SIGKILL)
            except ProcessLookupError:
                print("  the supervisor had ended by itself", file=sys.stderr)
                return False
        if self.supervisor:
            self.supervisor.wait()
        with open(f"{self.options.data}/log/events.log", "ab") as log:
            self.supervisor = subprocess.Popen(
                [self.options.program, "serve", "--data", self.options.data, "--workers", "2"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        with open(number, "w") as file:
            file.write(f"{self.supervisor.pid}\n")
        while "serves with" not in self.gatehouse("status")[1]:
            if self.supervisor.poll() is not None or time.monotonic() - began > 60:
                return False
            time.sleep(0.02)
        self.durations.append(time.monotonic() - began)
        return True

    def random(self):
        # While workers are killed a generation may not start, which is what a reload has to say then.
        name = self.chance.choice(["reload", "upgrade", "workers", "nginx", "kill_worker", "kill_supervisor"])
        if name in ("reload", "upgrade"):
            self.gatehouse(name)
            return True
        return getattr(self, name)()

    def recycled(self):
        with open(f"{self.options.data}/log/events.log", errors="replace") as log:
            return sum("worker is replaced" in line for line in log)


def main():
    options = arguments()
    treatments = Treatments(options)
    if options.program:
        with open(f"{options.data}/gatehouse.yaml", "w") as file:
            file.write(f"pool:\n  worker_requests: {200 if options.row == 'recycle' else 0}\n")
        # As many workers as in each row, however many the row before has left.
        treatments.command("reload")
        treatments.durations = []
    clients = [Client(options, number) for number in range(options.clients)]
    for client in clients:
        client.sign_in()
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    treat = getattr(treatments, options.row.replace("-", "_"))
    recycled = treatments.recycled() if options.row == "recycle" else 0
    began, treated, refused = time.monotonic(), 0, 0
    try:
        while treated < options.times if options.times else time.monotonic() - began < options.seconds:
            next_one = time.monotonic() + options.every
            refused += not treat()
            treated += 1
            time.sleep(max(0, next_one - time.monotonic()))
    finally:
        over.set()
    for thread in threads:
        thread.join()

    if options.row == "recycle":
        treated = treatments.recycled() - recycled
        refused += treated == 0
    total = {
        name: sum(getattr(client, name) for client in clients)
        for name in ("count", "written", "lost", "doubled", "again")
    }
    failures = [failure for client in clients for failure in client.failures]
    times = sorted(moment for client in clients for moment in client.times)
    p99 = times[len(times) * 99 // 100] * 1000 if times else 0
    durations = sorted(treatments.durations)
    took = f"{durations[len(durations) // 2]:.2f}" if durations else "-"
    longest = f"{durations[-1]:.2f}" if durations else "-"
    name = f"php-fpm {options.row}" if options.peer else options.row
    print(
        f"{name:<16}{treated:>8}{total['count']:>10}{len(failures):>8}{total['written']:>9}{total['lost']:>6}"
        f"{total['doubled']:>9}{total['again']:>7}{p99:>9.1f}{took:>8}{longest:>8}",
        flush=True,
    )
    for failure in failures[:5]:
        print(f"  {failure}", file=sys.stderr)
    if refused:
        print(f"  {refused} times the pool did not do what it was told", file=sys.stderr)
    sys.exit(1 if failures or total["lost"] or total["doubled"] or refused else 0)


main()
