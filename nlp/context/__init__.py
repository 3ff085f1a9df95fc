"""How a mention is meant: affirmed, denied, hedged or feared; now or then; the patient or another."""

from __future__ import annotations

from nlp.context.load import meet_examples
from nlp.context.process import SpanAssertion, assert_span, resolve

__all__ = ["SpanAssertion", "assert_span", "meet_examples", "resolve"]
