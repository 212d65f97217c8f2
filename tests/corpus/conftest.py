"""Settings for the property tests of this folder: no time limit on one example, since a busy machine is no failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("cuepoint", deadline=None)
settings.load_profile("cuepoint")
