# SPDX-License-Identifier: Apache-2.0
"""A double of an OpenID Connect provider, for the tests alone: one process, keys by the openssl command, nobody types a password. It keeps the rules
that the hub leans on (PKCE, one use of a code, the redirect address, the client's secret), and breaks what a test tells it to break. It proves
nothing about any real provider."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import secrets
import ssl
import subprocess
import threading
import time
import urllib.parse


def b64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, input=data, timeout=60).stdout


class Key:
    """A signing key: its file, its JWK, and what it makes of a text."""

    def __init__(self, folder, kid, alg):
        self.kid, self.alg, self.file = kid, alg, os.path.join(folder, kid + ".pem")
        kind = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if alg == "RS256" else ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        openssl("genpkey", "-algorithm", *kind, "-out", self.file)
        self.public = openssl("pkey", "-in", self.file, "-pubout")
        if alg == "RS256":
            modulus = openssl("rsa", "-in", self.file, "-noout", "-modulus").decode().strip().split("=")[1]
            self.jwk = {"kty": "RSA", "n": b64(bytes.fromhex(modulus)), "e": "AQAB"}
        else:
            point = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")[-64:]
            self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(point[:32]), "y": b64(point[32:])}
        self.jwk.update(kid=kid, use="sig", alg=alg)

    def sign(self, text):
        der = openssl("dgst", "-sha256", "-sign", self.file, data=text)
        if self.alg == "RS256":
            return der
        numbers, at = [], 2  # SEQUENCE of two INTEGERs, all shorter than 128 bytes
        for _ in range(2):
            n = der[at + 1]
            numbers.append(int.from_bytes(der[at + 2:at + 2 + n], "big").to_bytes(32, "big"))
            at += 2 + n
        return b"".join(numbers)


def jwt(claims, key, header=None, sign=None):
    head = {"alg": key.alg, "kid": key.kid, "typ": "JWT"} if header is None else header
    text = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{text}.{b64((sign or key.sign)(text.encode()))}"


class Provider:
    client, secret = "platen-hub", "a secret & more=1"

    def __init__(self, folder):
        self.folder = folder
        self.keys = {"r1": Key(folder, "r1", "RS256"), "e1": Key(folder, "e1", "ES256")}
        self.published = ["r1", "e1"]
        self.use = "r1"
        self.person = {}
        self.codes = {}
        self.asked = []
        self.spoil()
        self.ca = os.path.join(folder, "provider.crt")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", os.path.join(folder, "provider.key"), "-out", self.ca, "-subj",
                "/CN=provider", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca, os.path.join(folder, "provider.key"))
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def spoil(self, claims=None, token=None, replay=False, slow=0, issuer=None, reply=None):
        """What the next tokens have wrong: changed claims (None: the claim is missing), a function that makes the whole JWT, ..."""
        self.claims, self.token, self.replay, self.slow, self.issuer, self.reply = claims or {}, token, replay, slow, issuer, reply

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # What a browser would do at the provider: it is signed in as self.person, and sent back.
    def authorize(self, address):
        q = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        code = secrets.token_urlsafe(16)
        self.codes[code] = q
        return q, code

    def redeem(self, form):
        q = self.codes.get(form.get("code")) if self.replay else self.codes.pop(form.get("code"), None)
        fits = q and form.get("redirect_uri") == q["redirect_uri"] and form.get("client_id") == self.client and form.get("client_secret") == self.secret
        verifier = form.get("code_verifier", "")
        if not fits or b64(hashlib.sha256(verifier.encode()).digest()) != q["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client, "exp": now + 300, "iat": now, "nonce": q["nonce"], **self.person, **self.claims}
        claims = {k: v for k, v in claims.items() if v is not None}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token(claims) if self.token else jwt(claims, self.keys[self.use])}

    def answer(self, method, path, form):
        if self.slow:
            time.sleep(self.slow)
        if self.reply:
            return self.reply
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.issuer or self.url, "authorization_endpoint": self.url + "/authorize", "token_endpoint": self.url + "/token", "jwks_uri": self.url + "/keys"}
        if path == "/keys":
            return 200, {"keys": [self.keys[k].jwk for k in self.published]}
        return self.redeem(form) if (method, path) == ("POST", "/token") else (404, {})

    def handler(provider):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do(self):
                n = int(self.headers.get("Content-Length") or 0)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(n).decode()))
                provider.asked.append(f"{self.command} {self.path}")
                status, body = provider.answer(self.command, self.path, form)
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except OSError:
                    pass  # the hub waits no longer

            do_GET = do_POST = do

            def log_message(self, *_):
                pass

        return Handler


def attacks(p):
    """name -> a JWT maker for Provider.spoil(token=...): each must be refused."""
    rsa, ec = p.keys["r1"], p.keys["e1"]

    def hs(secret):
        return lambda c: jwt(c, rsa, {"alg": "HS256", "kid": "r1"}, lambda text: hmac.new(secret, text, "sha256").digest())

    def flipped(c):
        head, body, signature = jwt(c, rsa).split(".")
        other = dict(c, sub="somebody else")
        return f"{head}.{b64(json.dumps(other).encode())}.{signature}"

    return {
        "algorithm none, no signature": lambda c: jwt(c, rsa, {"alg": "none"}, lambda _: b""),
        "algorithm none, some signature": lambda c: jwt(c, rsa, {"alg": "none", "kid": "r1"}, lambda _: b"x"),
        "algorithm NONE": lambda c: jwt(c, rsa, {"alg": "NONE", "kid": "r1"}, lambda _: b"x"),
        "HS256 with the public key (PEM) as its secret": hs(rsa.public),
        "HS256 with the modulus as its secret": hs(base64.urlsafe_b64decode(rsa.jwk["n"] + "==")),
        "RS384": lambda c: jwt(c, rsa, {"alg": "RS384", "kid": "r1"}),
        "RS256 that names the EC key": lambda c: jwt(c, rsa, {"alg": "RS256", "kid": "e1"}),
        "ES256 that names the RSA key": lambda c: jwt(c, ec, {"alg": "ES256", "kid": "r1"}),
        "an unknown key": lambda c: jwt(c, rsa, {"alg": "RS256", "kid": "r9"}),
        "a key that comes with the token": lambda c: jwt(c, p.keys["evil"], {"alg": "RS256", "jwk": p.keys["evil"].jwk, "kid": "evil"}),
        "another key under a known name": lambda c: jwt(c, p.keys["evil"], {"alg": "RS256", "kid": "r1"}),
        "an extension that must be understood": lambda c: jwt(c, rsa, {"alg": "RS256", "kid": "r1", "crit": ["b64"], "b64": False}),
        "claims that were changed": flipped,
        "no signature at all": lambda c: jwt(c, rsa).rsplit(".", 1)[0] + ".",
        "two parts": lambda c: jwt(c, rsa).rsplit(".", 1)[0],
        "no JWT": lambda c: "hello",
        "an EC signature of zeros": lambda c: jwt(c, ec, None, lambda _: bytes(64)),
    }
