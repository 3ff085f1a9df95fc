"""`corrin explain claim:C03` tells what a claim finding's rule says."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from audit.claims.explain import explain_claim
from audit.claims.load import claim_rules
from cli import app
from nlp.errors import InputError


@pytest.mark.parametrize("name", sorted(claim_rules()))
def test_each_claim_rule_has_a_page_with_its_remedy_and_source(name: str):
    page = explain_claim(f"claim:{name}", 80)
    assert page.startswith(f"claim:{name}  {claim_rules()[name].title}")
    assert "remedy: " in page
    assert "source: " in page


def test_an_unknown_claim_rule_is_told():
    with pytest.raises(InputError, match="there is no claim rule C99; they run from C01 to C34"):
        explain_claim("claim:C99")


def test_the_command_explains_a_claim_rule():
    found = CliRunner().invoke(app, ["explain", "claim:C03"])
    assert found.exit_code == 0
    assert "claim:C03" in found.stdout
