# SPDX-License-Identifier: Apache-2.0
"""Receivers for alerts: a real mail server (OpenSMTPD) with a maildir, doubles of mail servers that misbehave, and a webhook's receiver.
Everything listens on 127.0.0.1 and ends with its owner. OpenSMTPD wants root and fixed folders: it gets tmpfs ones in a mount namespace of its own."""
import email
import email.policy
import glob
import hashlib
import hmac
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time

USER, PASSWORD = "platen", "a secret with spaces & ümlaut"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def certificate(folder, name):
    """A certificate of its own for localhost; gives its file and the key's."""
    cert, key = (os.path.join(folder, f"{name}.{x}") for x in ("pem", "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True, timeout=30)
    os.chmod(key, 0o600)
    return cert, key


def server_context(cert, key):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(cert, key)
    return c


class OpenSmtpd:
    """Debian's opensmtpd. It takes mail for example.org after AUTH, by STARTTLS and by TLS, and refuses every other recipient with 550."""

    def __init__(self, folder):
        self.folder = folder
        self.mail = os.path.join(folder, "mail")
        os.makedirs(self.mail)
        os.chmod(folder, 0o755)
        subprocess.run(["chown", "nobody", self.mail], check=True)
        self.cert, self.key = certificate(folder, "smtpd")
        self.starttls, self.tls = free_port(), free_port()
        hashed = subprocess.run(["smtpctl", "encrypt", PASSWORD], check=True, capture_output=True, text=True, timeout=20).stdout.strip()
        with open(os.path.join(folder, "creds"), "w") as f:
            f.write(f"{USER} {hashed}\n")
        self.config = os.path.join(folder, "smtpd.conf")
        with open(self.config, "w") as f:
            f.write(f"""pki t cert "{self.cert}"
pki t key "{self.key}"
table creds file:{folder}/creds
table users {{ "@" = "nobody" }}
listen on 127.0.0.1 port {self.starttls} tls-require pki t auth <creds> hostname localhost
listen on 127.0.0.1 port {self.tls} smtps pki t auth <creds> hostname localhost
action "keep" maildir "{self.mail}/%{{dest.user}}" virtual <users>
match auth from any for domain "example.org" action "keep"
""")
        self.p = None

    @staticmethod
    def there():
        return os.geteuid() == 0 and any(os.access(os.path.join(d, "smtpd"), os.X_OK) for d in ("/usr/sbin", "/sbin"))

    def start(self):
        inside = f"mount -t tmpfs tmpfs /var/spool && mkdir -m 711 /var/spool/smtpd && mount -t tmpfs tmpfs /run && exec /usr/sbin/smtpd -d -f {self.config}"
        self.log = open(os.path.join(self.folder, "smtpd.log"), "a")
        self.p = subprocess.Popen(["unshare", "-m", "--propagation", "unchanged", "sh", "-c", inside], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.starttls), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"smtpd did not start: {open(self.log.name).read()[-1000:]}")

    def stop(self):
        if self.p:
            self.p.terminate()
            self.p.wait(20)
            self.p = None

    def letters(self, user):
        files = sorted(glob.glob(f"{self.mail}/{user}/new/*"), key=os.path.getmtime)
        return [email.message_from_bytes(open(f, "rb").read(), policy=email.policy.default) for f in files]


class SmtpDouble(threading.Thread):
    """NOT a mail server: a double that says what a table tells it to. It can greet, offer STARTTLS, and answer each command with one reply."""

    def __init__(self, context, replies, starttls=True, stall=None):
        super().__init__(daemon=True)
        self.context, self.replies, self.offers, self.stall = context, replies, starttls, stall
        self.seen = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            try:
                self.talk(s)
            except OSError:
                pass
            s.close()

    def talk(self, s):
        s.settimeout(60)
        s.sendall(b"220 double\r\n")
        f = s.makefile("rb")
        secure = False
        while line := f.readline():
            word = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
            self.seen.append((word, secure))
            if word == self.stall:
                time.sleep(60)
            if word == "EHLO":
                s.sendall(b"250-double\r\n" + (b"250-STARTTLS\r\n" if self.offers and not secure else b"") + b"250 8BITMIME\r\n")
            elif word == "STARTTLS" and self.offers:
                s.sendall(b"220 go\r\n")
                s = self.context.wrap_socket(s, server_side=True)
                f = s.makefile("rb")
                secure = True
            elif word == "QUIT":
                s.sendall(b"221 bye\r\n")
                return
            else:
                s.sendall(self.replies.get(word, "250 ok").encode() + b"\r\n")

    def stop(self):
        self.listener.close()


class Hook:
    """A webhook's receiver: keeps what comes, checks nothing by itself, answers what it is told."""

    def __init__(self, folder, name="hook"):
        self.cert, self.key = certificate(folder, name)
        self.calls, self.status, self.stall = [], 200, 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.calls.append((self.path, dict(self.headers), body))
                time.sleep(outer.stall)
                try:
                    self.send_response(outer.status)
                    if outer.status == 302:
                        self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = server_context(self.cert, self.key).wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}/alerts"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self):
        return [json.loads(b) for _, _, b in self.calls]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def signature_good(secret, header, body, now):
    """As docs/alerts.md tells receivers to check it."""
    parts = dict(p.split("=", 1) for p in header.split(","))
    want = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(want, parts["v1"]) and abs(now - int(parts["t"])) <= 300
