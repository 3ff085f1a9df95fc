"""How the contract's words are written for people."""

from __future__ import annotations

_SECTIONS = {
    "assessment_plan": "assessment and plan",
    "hpi": "HPI",
    "interval": "interval history",
    "pmh": "past medical history",
    "psh": "past surgical history",
    "family": "family history",
    "social": "social history",
    "ros": "review of systems",
    "copied": "copied text",
    "unknown": "section not named",
}
_SETTINGS = {
    "professional": "professional claim",
    "outpatient": "hospital outpatient claim",
    "inpatient": "hospital inpatient claim",
}


def section_name(section: str) -> str:
    """Return a section's category as people write it."""
    return _SECTIONS.get(section, section.replace("_", " "))


def setting_name(setting: str) -> str:
    """Return whose claim the answer is for, in words."""
    return _SETTINGS[setting]
