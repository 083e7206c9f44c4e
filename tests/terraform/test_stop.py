from __future__ import annotations

import os
import signal

import pytest

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


def test_a_signal_ends_at_once_what_has_nothing_to_finish() -> None:
    told: list[int] = []
    stop = StopRequest(told.append)
    with stop.listening():
        with pytest.raises(KeyboardInterrupt), stop.at_once():
            os.kill(os.getpid(), signal.SIGTERM)
        assert (stop.requested, told) == (1, [])
        os.kill(os.getpid(), signal.SIGTERM)
        assert (stop.requested, told) == (2, [2])
    with pytest.raises(KeyboardInterrupt), stop.at_once():
        raise AssertionError("begun after a request to stop")
