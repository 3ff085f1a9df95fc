"""Imported by every Python that has this folder on its path: watch what it asks the network for."""

from tests.trust.sockets import watch

watch()
