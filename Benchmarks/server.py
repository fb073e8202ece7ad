#!/usr/bin/env python3
"""Measures Examples/Server under load: Benchmarks/server.py [--seconds 10] [--connections 64] [--moult PATH] [--check]

Builds the tool and the server, trains a small regression, starts the server and asks it in four ways:

1. Every row of a table once, on as many connections, and all of them again in another order: each request is answered, and
   a row's answer has the same digits both times, whatever other rows shared its batch.
2. `wrk` (or Python threads where it is missing) with 64 connections of single rows, 100 passes each, while `/ping` is
   asked 100 times a second.
3. Two connections with long predictions of 1,376 rows, again while `/ping` is asked.
4. Wrong requests, and the end: open requests are answered after SIGTERM.

Latencies of /ping count from the moment when the request was due. Python 3, no packages; `apt-get install wrk`.
"""

import argparse
import csv
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).parent.parent
TABLE = ROOT / "Examples/data/penguins.csv"
TARGET = "body_mass_g"
# The longest time for which /ping may keep one of a hundred waiting, in milliseconds: under many short predictions, and
# under two long ones.
PING_LIMIT, LONG_LIMIT = 20, 50


def table_rows():
    """The rows of the table as the server takes them: numbers as numbers, missing values as null."""

    def value(text):
        try:
            return float(text)
        except ValueError:
            return None if text == "NA" else text

    with open(TABLE) as file:
        return [{key: value(text) for key, text in row.items() if key != TARGET} for row in csv.DictReader(file)]


class Connection:
    """A connection that is kept open."""

    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path, body=None):
        """The status and the text of an answer."""
        self.http.request("GET" if body is None else "POST", path, body)
        answer = self.http.getresponse()
        return answer.status, answer.read().decode()

    def predict(self, rows):
        status, text = self.ask("/predict", json.dumps({"rows": rows}))
        return status, json.loads(text)


def in_threads(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def answers(port, rows, connections):
    """The answer for each row, asked alone, on many connections at once; None where there was none."""
    found = [None] * len(rows)

    def ask(first):
        connection = Connection(port)
        for index in range(first, len(rows), connections):
            status, answer = connection.predict([rows[index]])
            found[index] = answer["predictions"][0] if status == 200 else None

    in_threads([lambda first=first: ask(first) for first in range(connections)])
    return found


def ping(port, seconds, latencies):
    """Asks /ping 100 times a second, and adds the milliseconds of each answer since it was due."""
    connection, start = Connection(port), time.perf_counter()
    for number in range(int(seconds * 100)):
        due = start + number / 100
        time.sleep(max(0, due - time.perf_counter()))
        if connection.ask("/ping") == (200, "pong\n"):
            latencies.append(1000 * (time.perf_counter() - due))


def load_by_wrk(port, rows, connections, seconds):
    """The number of answers, and of requests that failed."""
    bodies = ",".join(json.dumps(json.dumps({"rows": [row]})) for row in rows)
    script = f"""
local bodies, number = {{{bodies}}}, 0
function request()
  number = number + 1
  return wrk.format("POST", "/predict", nil, bodies[number % #bodies + 1])
end
function done(summary)
  local errors = summary.errors
  print(string.format("answered=%d failed=%d", summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name]
        output = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout  # fmt: skip
    print("\n".join("  " + line for line in output.splitlines() if re.search("50%|99%|Requests/sec", line)))
    return tuple(map(int, re.search(r"answered=(\d+) failed=(\d+)", output).groups()))


def load_by_threads(port, rows, connections, seconds):
    """The same as `load_by_wrk`, from Python threads, which take more of the processor."""
    counts, end = [[0, 0] for _ in range(connections)], time.perf_counter() + seconds

    def ask(count):
        connection = Connection(port)
        while time.perf_counter() < end:
            asked = rows[sum(count) % len(rows)]
            status, _ = connection.predict(asked if isinstance(asked, list) else [asked])
            count[0 if status == 200 else 1] += 1

    in_threads([lambda count=count: ask(count) for count in counts])
    return sum(count[0] for count in counts), sum(count[1] for count in counts)


def long_load(port, rows, connections, seconds):
    """The number of answers, and of requests that failed, of connections that ask for many rows at once."""
    return load_by_threads(port, [rows * 4], connections, seconds)


def check_errors(port, rows):
    """What the server says to requests that are wrong."""
    connection = Connection(port)
    wrong = [
        (rows[0] | {"sex": "femal"}, "row 2: sex: expected a category that training had, got 'femal'; near it: female"),
        (rows[0] | {"year": "last"}, "row 2: year: expected a finite number, got 'last'"),
        (rows[0] | {"year": [1]}, "row 2: year: expected a number, a text, true, false or null"),
        (rows[0] | {"Sex": "male"}, "row 2: expected columns that the model reads, got 'Sex'; near it: sex"),
        ({"sex": "male"}, "row 2: expected a value for 'species', got none"),
    ]
    for row, expected in wrong:
        status, answer = connection.predict([rows[0], row])
        message = answer["error"]["message"]
        assert status == 400 and message.startswith(expected), (status, message)
    status, text = connection.ask("/predict", "{")
    assert status == 400 and "error" in json.loads(text), (status, text)
    status, text = Connection(port).ask("/predict", " " * (1 << 20) + "{}")
    assert status == 413 and "error" in json.loads(text), (status, text)


def check_end(server, port, rows):
    """Stops the server while it computes; the open requests are answered. Returns how many."""
    results = []

    def ask():
        results.append(Connection(port).predict(rows * 4)[0])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    server.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert server.wait(30) == 0 and results == [200] * len(threads), (server.returncode, results)
    return len(results)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(command, port):
    """The server, once it answers."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            Connection(port).ask("/ping")
            return server
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit("server.py: the server did not answer within ten seconds")


def built(arguments):
    """The executables of the tool and of the server."""
    moult = arguments.moult
    if not moult:
        subprocess.run(["swift", "build", "-c", "release", "--product", "moult"], cwd=ROOT, check=True)
        moult = ROOT / ".build/release/moult"
    package, start = ROOT / "Examples/Server", time.perf_counter()
    subprocess.run(["swift", "build", "-c", "release", "--package-path", package], check=True)
    print(f"built the server in {time.perf_counter() - start:.0f} s")
    return moult, package / ".build/release/Server"


def percentile(values, fraction):
    return sorted(values)[min(len(values) - 1, int(fraction * len(values)))]


def measured(load, port, rows, connections, seconds, limit):
    """Asks /ping under a load. Returns whether nothing was lost and its p99 is below the limit."""
    latencies = []
    pings = threading.Thread(target=ping, args=(port, seconds - 1, latencies))
    pings.start()
    answered, failed = load(port, rows, connections, seconds)
    pings.join()
    lost = (seconds - 1) * 100 - len(latencies)
    p50, p99 = percentile(latencies, 0.5), percentile(latencies, 0.99)
    print(f"  predictions: {answered} answered, {failed} failed")
    print(f"  /ping: {len(latencies)} answered, {lost} lost, p50 {p50:.2f} ms, p99 {p99:.2f} ms, limit {limit} ms")
    return failed == lost == 0 and p99 <= limit


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="the length of the load")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--moult", help="the tool, if it is built already")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a request is lost or /ping's p99 too high")
    arguments = parser.parse_args()
    moult, executable = built(arguments)
    rows, port = table_rows(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        train = [moult, "train", TABLE, "--target", TARGET, "--quiet", "--no-report", "--out", f"{folder}/run"]
        subprocess.run([*train, "--model", "13-256-256-1"], check=True)
        server = started([executable, f"{folder}/run", str(port)], port)
        try:
            first = answers(port, rows, arguments.connections)
            again = answers(port, rows[::-1], arguments.connections)[::-1]
            assert None not in first and first == again, "a request was lost, or an answer depends on its batch"
            print(f"{2 * len(rows)} requests, {2 * len(rows)} answers, those of a row the same each time")
            load = load_by_wrk if shutil.which("wrk") else load_by_threads
            print(f"{arguments.connections} connections, 100 passes of one row, by {load.__name__}:")
            is_good = measured(load, port, rows, arguments.connections, arguments.seconds, PING_LIMIT)
            print(f"2 connections, 100 passes of {4 * len(rows)} rows:")
            is_good &= measured(long_load, port, rows, 2, arguments.seconds, LONG_LIMIT)
            check_errors(port, rows)
            print(f"{check_end(server, port, rows)} open requests answered after SIGTERM")
        finally:
            server.kill()
    if arguments.check and not is_good:
        sys.exit(1)


if __name__ == "__main__":
    main()
