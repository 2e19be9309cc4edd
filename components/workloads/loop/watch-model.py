"""Waits until a model answers, and sees to it that it goes on answering.

Arguments: the address to ask, the seconds within which it must answer, and the seconds for which it must go on.

Ends with 0 when it did; with 1 when it did not answer in time, or failed to answer several times in a row.

Needs Python 3.8 and nothing else.
"""

import sys
import time
import urllib.error
import urllib.request

PAUSE_SECONDS = 10.0
TIMEOUT_SECONDS = 10.0
FAILURES_IN_A_ROW = 3


def trouble(address):
    """Why the model cannot be asked; None where it can."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as response:
            return None if response.status == 200 else "status %d" % response.status
    except urllib.error.HTTPError as error:
        return "status %d" % error.code
    except (OSError, ValueError) as error:
        return str(error)


def wait_until_ready(address, seconds, pause):
    """Why it did not answer in time; None where it did."""
    end = time.monotonic() + seconds
    while True:
        problem = trouble(address)
        if problem is None:
            return None
        if time.monotonic() + pause > end:
            return "no answer from %s within %g seconds: %s" % (address, seconds, problem)
        time.sleep(pause)


def observe(address, seconds, pause):
    """Why it is not to be trusted; None where it went on answering."""
    end = time.monotonic() + seconds
    failures = 0
    while time.monotonic() < end or failures > 0:
        problem = trouble(address)
        failures = 0 if problem is None else failures + 1
        if problem is not None:
            print("failure %d of %d: %s" % (failures, FAILURES_IN_A_ROW, problem), file=sys.stderr, flush=True)
        if failures == FAILURES_IN_A_ROW:
            return "%s stopped answering: %s" % (address, problem)
        time.sleep(pause)
    return None


def main(address, ready_seconds, observe_seconds, pause=PAUSE_SECONDS):
    pause = float(pause)
    problem = wait_until_ready(address, float(ready_seconds), pause) or observe(address, float(observe_seconds), pause)
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1
    print("%s answered" % address)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
