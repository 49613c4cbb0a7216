# SPDX-License-Identifier: Apache-2.0
"""The console against the real hub, in a real browser: the first sign-in, and a job that shows within two seconds without a reload.
`--pictures DIR` takes the pictures of the README instead."""
import argparse
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import TOP, Api, Failure, Lab, wait_until  # noqa: E402

BROWSER = os.path.join(TOP, "tests/browser")

# What the pictures show: (document, user, queue, pages, language).
OFFICE = [
    ("Quarterly report Q3.docx", "j.moreau", "Office 2nd floor", 24, "ps"), ("Invoice 2026-117", "k.schmidt", "Accounting", 1, "pcl"),
    ("Delivery note 88213", "warehouse", "Dispatch", 2, "pcl"), ("Contract draft v4.pdf", "a.okafor", "Office 2nd floor", 38, "ps"),
    ("Minutes of the works council", "k.schmidt", "Office 2nd floor", 6, "ps"), ("Étiquettes expédition", "l.dubois", "Dispatch", 12, "pcl"),
    ("Test page", "j.moreau", "Accounting", 1, "ps"), ("Budget 2027.xlsx", "m.rossi", "Accounting", 17, "ps"),
    ("Safety data sheet acetone", "warehouse", "Dispatch", 9, "pcl"), ("Boarding pass", "a.okafor", "Office 2nd floor", 1, "ps"),
]


def document(pages, language):
    if language == "pcl":
        return b"\x1bE" + b"".join(b"\x1b&l0Opage\x0c" for _ in range(pages)) + b"\x1bE"
    return ("%!PS-Adobe-3.0\n%%Pages: " + str(pages) + "\n%%EndComments\n" +
            "".join(f"%%Page: {i} {i}\nshowpage\n" for i in range(1, pages + 1)) + "%%EOF\n").encode()


def print_one(lab, name, user, queue, pages, language):
    path = os.path.join(lab.dir, "one.prn")
    with open(path, "wb") as f:
        f.write(document(pages, language))
    args = [a for a in lab.printjob_args([path], document=name)]
    args[args.index("--queue") + 1] = queue
    args[args.index("--user") + 1] = user
    subprocess.run(args, check=True, capture_output=True)


def install_browser():
    subprocess.run([os.path.join(TOP, "tools/packages"), BROWSER], check=True, stdout=sys.stderr)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--pictures")
    a = ap.parse_args()
    install_browser()
    lab = Lab()
    try:
        lab.start_hub(extra=("--console-dir", os.path.join(TOP, "build/console")))
        lab.start_printer()
        lab.settings(HubUrl=lab.agents_url, EnrollKey=lab.key())
        lab.start_service()
        wait_until("the enrolment", lambda: os.path.exists(os.path.join(lab.data, "agent.pem")), 20)
        env = {**os.environ, "PLATEN_CONSOLE": lab.console_url.replace("127.0.0.1", "localhost")}
        if a.pictures:
            for job in OFFICE:
                print_one(lab, *job)
            wait_until("all sent", lab.settled, 20)
            Api(lab)
            env.update(PLATEN_USER="admin", PLATEN_PASSWORD=lab.password, PLATEN_PICTURES=os.path.abspath(a.pictures))
        else:
            words = dict(line.split(": ", 1) for line in lab.first_login.splitlines() if ": " in line)
            env.update(PLATEN_USER=words["user"], PLATEN_PASSWORD=words["password"])
        node = subprocess.Popen(["node", "pictures.mjs" if a.pictures else "real.mjs"], cwd=BROWSER, env=env, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        for line in node.stdout:
            if line.startswith("PRINT "):  # the page asks for a job and measures until it shows
                print_one(lab, line[6:].strip(), "mia", "Office", 3, "ps")
                node.stdin.write(f"printed {time.time()}\n")
                node.stdin.flush()
            else:
                print(line, end="", flush=True)
        code = node.wait(60)
    except Failure as e:
        print(f"not ok - {e}")
        code = 1
    finally:
        lab.close()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(lab.dir, ignore_errors=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
