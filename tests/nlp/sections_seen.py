"""The sections of a text, told by category and title."""

from __future__ import annotations

from nlp.layout import read_layout


def seen(text):
    """The sections as (category, title) pairs."""
    return [(section.category.value, section.title) for section in read_layout(text).sections]


def categories(text):
    return [category for category, _ in seen(text)]


def category_of(text, words):
    section = read_layout(text).section_at(text.index(words))
    assert section is not None
    return section.category.value
