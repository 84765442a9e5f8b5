"""The channel to the grader, found and written to: forged, malformed, oversized, silent."""

from attack import Attack

# every reply goes through this one function, which an attack may replace: the student's process is not trusted
SEND = """
import sys, json, os, struct, time
messages = sys.modules.get("course.grading.sandbox.messages")
session = sys.modules.get("course.grading.sandbox.session")
real = messages.send if messages else None
def forge(change):
    if messages:
        messages.send = lambda channel, message: real(channel, change(message))
"""


def forging(body):
    return (SEND + f"def change(message):\n{body}\n    return message\nforge(change)",)


ATTACKS = [
    Attack(
        "outcomes_are_the_expected_ones",
        "replaces what is sent to the grader by the expected values of the cases that students have",
        start=(
            SEND
            + """
from helpers.checks import spec
names = list(spec.index()["units"]["01_derivatives"]["exercises"])
asked = []
receive = messages.receive if messages else None
def hear(*a):
    message = receive(*a)
    asked[:] = [order["name"] for order in message.get("orders", ())]
    return message
if messages: messages.receive = hear
def change(message):
    if "outcomes" in message:
        message["outcomes"] = [
            [spec.load(name).cases[i % len(spec.load(name).cases)].expected.to_json() for i in range(len(rows or ()))]
            for name, rows in zip(asked, message["outcomes"])]
    return message
forge(change)
""",
        ),
    ),
    Attack(
        "verdict_sent_along",
        "adds verdicts, scores and marks of its own to every reply",
        start=forging(
            """
    message.update(verdict="right", state="right", score=100, marks={"check_climb": 100}, passed=99, total=99)
    for rows in message.get("outcomes") or ():
        for row in rows or ():
            row.update(state="right", verdict="right", passed=True, score=100, expected=row.get("value"))"""
        ),
    ),
    Attack(
        "errors_claimed_as_expected",
        "claims values of the grader's own internal kinds: anything, missing names, empty errors",
        start=forging(
            """
    for rows in message.get("outcomes") or ():
        for i, row in enumerate(rows or ()):
            row.clear()
            row.update([{"value": {"opaque": "anything"}}, {"error": "E", "missing": "no_such"}, {"error": [1]},
                        {"value": {"function": "np", "takes": "array"}}][i % 4])"""
        ),
    ),
    Attack(
        "one_outcome_for_all",
        "sends one outcome instead of one a case, then none",
        start=forging(
            """
    message["outcomes"] = [rows[:1] for rows in message.get("outcomes") or () if rows]"""
        ),
    ),
    Attack(
        "malformed_replies",
        "sends outputs and outcomes of wrong types",
        start=forging(
            """
    if "outputs" in message: message["outputs"] = 5
    if "outcomes" in message: message["outcomes"] = {"a": 5}"""
        ),
    ),
    Attack(
        "frames_out_of_turn",
        "writes unasked frames to every open file descriptor, ahead of the real replies",
        start=(
            SEND
            + """
frame = json.dumps({"outcomes": [[{"value": 0.0}]], "outputs": [], "failed": False, "nonce": ""}).encode()
for number in range(3, 64):
    try:
        if os.fstat(number).st_mode & 0o170000 == 0o140000 and messages:
            for _ in range(50): os.write(number, struct.pack("<I", len(frame)) + frame)
    except OSError: pass
""",
        ),
    ),
    Attack(
        "frame_of_four_gigabytes",
        "announces a reply of four gigabytes",
        start=(
            SEND
            + """
def announce(channel, message):
    channel.sendall(struct.pack("<I", 2**32 - 1) + b"x" * 1000)
if messages: messages.send = announce
""",
        ),
    ),
    Attack(
        "never_reads_again",
        "stops reading requests, so that the grader's next large one would wait for ever",
        start=(
            SEND + "if messages: messages.receive = lambda *a: time.sleep(10**6)",
            "# " + "x" * 3_000_000,
        ),
    ),
    Attack(
        "descriptors_closed",
        "closes every file descriptor, the grader's channel among them",
        start=("import os\nos.closerange(3, 256)",),
        danger="a kernel without its sockets waits for ever, and so does plain nbgrader",
    ),
    Attack(
        "reply_nested_deeply",
        "sends JSON nested a hundred thousand deep",
        start=(
            SEND
            + """
def deep(channel, message):
    data = b"[" * 100_000 + b"]" * 100_000
    channel.sendall(struct.pack("<I", len(data)) + data)
if messages: messages.send = deep
""",
        ),
    ),
]
