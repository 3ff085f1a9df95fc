"""Starting the server: what may be bound without a token, and what is said where it may not."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from nlp.errors import InputError
from web.serve import address, bind, plan

GOOD = "0123456789abcdef-good"


def test_this_machine_needs_no_token():
    for host in ("127.0.0.1", "localhost", "::1"):
        settings = plan(host, [], None, None, 2, {"CORRIN_TOKEN": GOOD})
        assert settings.token is None


def test_any_other_host_demands_a_token_and_says_why():
    with pytest.raises(InputError, match=r"health information.*token.*TLS"):
        plan("0.0.0.0", ["corrin.example.org"], None, None, 2, {})
    with pytest.raises(InputError, match="needs --name"):
        plan("0.0.0.0", [], None, None, 2, {"CORRIN_TOKEN": GOOD})


def test_a_name_of_a_proxy_demands_a_token_too_though_the_address_is_local():
    with pytest.raises(InputError, match="without a token"):
        plan("127.0.0.1", ["corrin.example.org"], None, None, 2, {})
    settings = plan("127.0.0.1", ["Corrin.Example.org"], None, None, 2, {"CORRIN_TOKEN": GOOD})
    assert settings.token == GOOD
    assert "corrin.example.org" in settings.names
    assert GOOD not in repr(settings)


@pytest.mark.parametrize("token", ["short", "with blank in the middle", "ümlauts-are-no-token-letters"])
def test_a_weak_token_is_refused(token: str, tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(token, encoding="utf-8")
    with pytest.raises(InputError, match="16 or more"):
        plan("0.0.0.0", ["x.example"], file, None, 2, {})


def test_the_token_of_a_file_leads(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(GOOD + "\n", encoding="utf-8")
    assert plan("0.0.0.0", ["x.example"], file, None, 2, {"CORRIN_TOKEN": "x" * 20}).token == GOOD
    with pytest.raises(InputError, match="cannot be read"):
        plan("0.0.0.0", ["x.example"], tmp_path / "none", None, 2, {})


def test_a_port_that_is_taken_is_told_before_anything_is_loaded():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="another --port"):
            bind("127.0.0.1", taken.getsockname()[1])


def test_a_held_port_does_not_answer_before_all_is_warm():
    with bind("127.0.0.1", 0) as holder:
        assert address(holder, "127.0.0.1") == f"http://127.0.0.1:{holder.getsockname()[1]}/"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(holder.getsockname(), timeout=5)


def test_the_command_ends_with_2_and_one_sentence():
    done = CliRunner().invoke(cli.app, ["serve", "--host", "0.0.0.0"], env={"CORRIN_TOKEN": ""})
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "token" in done.stderr
    assert CliRunner().invoke(cli.app, ["serve", "--policy", "no-such.yaml"]).exit_code == 2
    assert CliRunner().invoke(cli.app, ["serve", "--port", "70000"]).exit_code == 2
