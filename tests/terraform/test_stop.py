from __future__ import annotations

import os
import signal

from hp_tf.terraform.stop import StopRequest


def test_requests_are_counted_and_told() -> None:
    told: list[int] = []
    stop = StopRequest(told.append)
    assert stop.requested == 0
    stop.request()
    stop.request()
    assert (stop.requested, told) == (2, [1, 2])


def test_signals_are_requests_while_listening_and_handlers_come_back() -> None:
    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in watched]
    stop = StopRequest()
    with stop.listening():
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(os.getpid(), number)
    assert stop.requested == 2
    assert [signal.getsignal(number) for number in watched] == before


def test_an_ignored_hangup_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = StopRequest()
        with stop.listening():
            os.kill(os.getpid(), signal.SIGHUP)
        assert stop.requested == 0
    finally:
        signal.signal(signal.SIGHUP, before)
