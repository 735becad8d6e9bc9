"""`bandung ui`: what it refuses, in words, before anything is started."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from sim.cli import answer
from sim.ui import launch, server
from sim.ui.limits import VARIABLE, Limits, chosen, hand_over, handed_over


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    """Nothing is served, and the environment is left as it was."""
    for name in (VARIABLE, server.OPENS, server.SHAPES, *launch.SETTINGS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(launch, "serve", lambda host, port, ready: ready())


def test_the_address_is_told(capsys):
    assert answer(["ui", "--port", "18765"]) == 0
    assert capsys.readouterr().out == "http://127.0.0.1:18765/\n"


def test_it_listens_to_this_machine_only_unless_told(capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(launch, "serve", lambda host, port, ready: asked.append(host))
    assert answer(["ui", "--port", "18766"]) == 0
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["umkm_naik_kela"], "umkm_naik_kelas"),
        (["../secret.yaml"], "ready scenario"),
        (["--port", "99999"], "99999"),
        (["--host", "no.such.host.invalid"], "cannot listen"),
        (["--boundaries", "missing.geojson"], "missing.geojson"),
        (["--live-scale", "1"], "50"),
    ],
)
def test_wrong_choices_are_refused_with_a_reason(arguments, said, capsys):
    assert answer(["ui", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_taken_port_is_told(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert answer(["ui", "--port", str(port)]) == 2
    assert f"port {port}" in capsys.readouterr().err


def test_without_the_packages_of_the_page_it_says_how_to_get_them(capsys, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "solara" else found(name))
    assert answer(["ui"]) == 2
    said = capsys.readouterr().err
    assert "solara" in said and "[ui]" in said and "Traceback" not in said


def test_packages_of_the_wrong_generation_are_told(capsys, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda name: "3.1.0")
    assert answer(["ui"]) == 2
    assert "needs ipyvue 1, not 3.1.0" in capsys.readouterr().err


def test_limits_reach_the_page():
    hand_over(chosen({"live_scale": 1000, "finest": 50, "workers": None}))
    assert handed_over() == Limits(live_scale=1000, least_scale=50)


def test_the_environment_is_set_before_the_page_is_imported(monkeypatch):
    import os

    launch.prepare("baseline", Limits())
    assert os.environ["SOLARA_MODE"] == "production"
    assert os.environ["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1:")
    assert os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert server.opens() == "baseline"
