# SPDX-License-Identifier: Apache-2.0
"""The tray on a virtual screen, as a person has it: what its windows say, a mouse that presses at the place on the screen (xdotool), pictures. It looks
by tests/wine/tray_probe.c and presses by X alone, never by a message to the window."""
import os
import signal
import subprocess

from lab import Failure, wait_until
from wine_kit import ask_wine

SCREEN = "1000x700"
QUESTION, JOBS = "question", "jobs"
# Buttons and fields of its windows (tray/popup.c, tray/picker.h, tray/jobs.c)
FIRST, SECOND, THIRD = 200, 201, 202
SEARCH, PIN = 300, 302
RELEASE, DELETE = 201, 202


class Screen:
    """An X server of this test's own."""

    def __init__(self, folder):
        read, write = os.pipe()
        with open(os.path.join(folder, "screen.log"), "wb") as log:
            self.p = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN + "x24", "-dpi", "96"], pass_fds=(write,), stdin=subprocess.DEVNULL,
                                      stdout=log, stderr=log)
        os.close(write)
        with os.fdopen(read) as f:
            name = f.readline().strip()
        if not name:
            raise Failure("Xvfb did not start")
        os.environ["DISPLAY"] = ":" + name

    def close(self):
        self.p.send_signal(signal.SIGTERM)
        self.p.wait(20)


class Tray:
    def __init__(self, pc, pictures):
        self.pc, self.pictures = pc, pictures
        os.makedirs(pictures, exist_ok=True)
        # A desktop of Wine's own has a notification area and draws the windows' frames.
        self.p = subprocess.Popen(["wine", "explorer", "/desktop=platen," + SCREEN, pc.exe("platen-tray")], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        wait_until("the tray", lambda: self.probe("memory").endswith("trays 1"), 60, 0.2)

    def probe(self, *args):
        return ask_wine(self.pc.exe("tray_probe"), *args).stdout.replace("\r", "").strip()

    def texts(self, window):
        return self.probe(window, "texts").split("\n")

    def is_open(self, window=QUESTION):
        return self.probe(window, "state").startswith("open")

    def says(self, words, window=QUESTION, seconds=60):
        """Every one of the texts stands in the window, each as a line of its own or as part of one."""
        words = [words] if isinstance(words, str) else words
        seen = []

        def there():
            seen[:] = self.texts(window)
            return all(any(w in line for line in seen) for w in words)
        try:
            wait_until("words", there, seconds, 0.2)
        except Failure:
            raise Failure(f"{[w for w in words if not any(w in line for line in seen)]} not in {seen}") from None
        return seen

    def comes_up(self, document, seconds=60):
        """The question of this document is on the screen."""
        wait_until(f"a question of {document}", lambda: self.is_open() and document in self.texts(QUESTION), seconds, 0.2)

    def goes(self, window=QUESTION, seconds=60):
        wait_until(f"the window {window} is away", lambda: not self.is_open(window), seconds, 0.2)

    def click(self, window, control, until, what, seconds=60):
        """Presses where the control is until it had its effect: a window that has just come up takes no press for a second, on purpose."""
        def pressed():
            place = self.probe(window, "where", str(control)).split()
            if len(place) == 2:
                self.x("mousemove", *place, "click", "1")
            try:
                return wait_until(what, until, 3, 0.2)
            except Failure:
                return False
        wait_until(f"{what}, by pressing {control} of {window}", pressed, seconds, 0.1)

    def type(self, text):
        self.x("type", "--delay", "60", text)

    def type_until(self, text, window, words, seconds=60):
        """Types into the field that has the keyboard until the window shows it: for a second after it got the keyboard the window takes no key, on purpose."""
        def typed():
            self.type(text)
            try:
                return self.says(words, window, 5)
            except Failure:
                self.key("End", *["BackSpace"] * len(text))
                return None
        wait_until(f"{words!r} in the window", typed, seconds, 0.1)

    def key(self, *names):
        self.x("key", "--delay", "60", *names)

    def x(self, *args):
        subprocess.run(["xdotool", *args], check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)

    def picture(self, name):
        path = os.path.join(self.pictures, name + ".png")
        subprocess.run(["import", "-window", "root", path], check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        return path

    def balloon(self, words, seconds=60):
        """A balloon of the notification area with these words."""
        seen = []
        wait_until(f"a balloon with {words!r}", lambda: seen.append(self.probe("balloon")) or words in seen[-1], seconds, 0.2)
        return seen[-1]
