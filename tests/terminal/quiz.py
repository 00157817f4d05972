"""Quiz and exam on a real terminal: killed at every key press, closed, resized. What was answered stays answered.

Needs Python's standard library only. `LABRUN_TEST_PROGRAM` is the program.
"""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest

PROGRAM = os.environ["LABRUN_TEST_PROGRAM"]
LONGEST = 60
# What a page ends with.
DRAWN = "\x1b[?2026l"


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, home, *arguments, rows=24, columns=80):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            # The size is set before anything asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(PROGRAM, [PROGRAM, *arguments], environment(home) | {"TERM": "xterm"})
        self.seen = ""

    def until(self, words, then=DRAWN):
        """Reads until a page with `words` is drawn whole; what came before is forgotten."""
        end = time.monotonic() + LONGEST
        while not (found := re.search(re.escape(words) + ".*?" + re.escape(then), self.seen, re.DOTALL)):
            ready, _, _ = select.select([self.file], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{words!r} was never drawn:\n{self.seen}")
            self.seen += os.read(self.file, 65536).decode(errors="replace")
        self.seen = self.seen[found.end() :]

    def press(self, key, words):
        os.write(self.file, key.encode())
        self.until(words)

    def resize(self, rows, columns):
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.close()

    def close(self):
        """The window is closed: whoever reads or writes it is told so."""
        os.close(self.file)
        os.waitpid(self.pid, 0)


def environment(home):
    return {"PATH": "/usr/bin:/bin", "HOME": home, "LABRUN_HOME": home, "LANG": "C.UTF-8"}


def lines(home, *arguments, said=""):
    """What the program prints with `--format json`, a value a line."""
    command = [PROGRAM, *arguments, "--format", "json"]
    ended = subprocess.run(command, input=said, capture_output=True, text=True, env=environment(home), timeout=LONGEST)
    if ended.returncode != 0:
        raise AssertionError(ended.stdout + ended.stderr)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def events(home, kind):
    with open(f"{home}/progress/answers.jsonl") as record:
        found = [json.loads(line) for line in record]
    last = [entry["sitting"] for entry in found if entry["event"] == "start"][-1]
    return [entry for entry in found if entry["event"] == kind and entry["sitting"] == last]


class Answers(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="labrun-terminal-")
        self.addCleanup(shutil.rmtree, self.home)

    def picks(self, seed, count):
        """How many letters each question of a seed wants, found by answering once in a pipe."""
        command = [PROGRAM, "quiz", "--seed", str(seed), "--count", str(count), "--format", "json"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment(self.home)) as running:
            wanted = []
            for line in running.stdout:
                value = json.loads(line)
                if "stem" in value:
                    wanted.append(value["picks"])
                    running.stdin.write("abcdef"[: value["picks"]] + "\n")
                    running.stdin.flush()
            self.assertEqual(running.wait(), 0)
        return wanted

    def test_killed_at_any_key_press_of_a_quiz(self):
        wanted = self.picks(7, 4)
        keys = []
        for picks in wanted:
            keys += [(letter, "enter answer") for letter in "abcdef"[:picks]] + [("\r", "enter next"), ("\r", "")]
        for pressed in range(len(keys) + 1):
            with self.subTest(pressed=pressed):
                self.kill_after(keys[:pressed], len(wanted))

    def kill_after(self, keys, of):
        terminal = Terminal(self.home, "quiz", "--seed", "7", "--count", str(of))
        terminal.until("enter answer")
        for number, (key, words) in enumerate(keys):
            if not words and self.answered(keys[:number]) == of:
                os.write(terminal.file, key.encode())
                terminal.until("right", then="")
            else:
                terminal.press(key, words or "enter answer")
        terminal.kill()
        answered = self.answered(keys)
        self.assertEqual(len(events(self.home, "answer")), answered)
        if answered < of:
            self.assertEqual(lines(self.home, "quiz", "--resume")[0]["question"], answered + 1)

    def answered(self, keys):
        return sum(words == "enter next" for _, words in keys)

    def test_killed_at_any_key_press_of_an_exam(self):
        keys = [("a", "A–"), ("n", "2 of 65"), ("b", "A–"), ("g", "flagged"), ("c", "A–"), ("p", "1 of 65"), ("b", "A–"), ("r", "all questions")]
        for pressed in range(1, len(keys) + 1):
            with self.subTest(pressed=pressed):
                home = tempfile.mkdtemp(prefix="labrun-terminal-")
                self.addCleanup(shutil.rmtree, home)
                terminal = Terminal(home, "exam", "--seed", "11")
                terminal.until("enter begin")
                terminal.press("\r", "r list")
                for key, words in keys[:pressed]:
                    terminal.press(key, words)
                terminal.kill()
                typed = sum(key in "abc" for key, _ in keys[:pressed])
                self.assertEqual(len(events(home, "pick")), typed)
                self.assertEqual(len(events(home, "flag")), int(pressed >= 4))
                report = json.loads(
                    subprocess.run([PROGRAM, "exam", "--end", "--format", "json"], capture_output=True, text=True, env=environment(home)).stdout
                )
                self.assertEqual(report["unanswered"], 65 - (1 if pressed < 3 else 2))

    def test_a_closed_window_ends_the_program_and_keeps_the_answers(self):
        wanted = self.picks(7, 4)
        terminal = Terminal(self.home, "quiz", "--seed", "7", "--count", "4")
        terminal.until("enter answer")
        for letter in "abcdef"[: wanted[0]]:
            terminal.press(letter, "enter answer")
        terminal.press("\r", "enter next")
        terminal.close()
        self.assertEqual(len(events(self.home, "answer")), 1)

    def test_a_closed_window_ends_it_also_where_hangups_are_ignored(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        terminal = Terminal(self.home, "quiz", "--seed", "7", "--count", "4")
        terminal.until("enter answer")
        terminal.close()

    def test_another_size_is_drawn_at_once(self):
        terminal = Terminal(self.home, "quiz", "--seed", "7", "--count", "4")
        terminal.until("enter answer")
        terminal.resize(60, 200)
        terminal.until("─" * 92)
        terminal.resize(24, 44)
        terminal.until("─" * 40)
        os.write(terminal.file, b"q")
        terminal.until("labrun quiz --resume", then="")
        self.assertEqual(os.waitpid(terminal.pid, 0)[1], 0)
        os.close(terminal.file)


if __name__ == "__main__":
    unittest.main()
