"""Renderers: pure functions from a result and the texts of its notes to a page, a screen or FHIR."""
