"""Cuepoint: a Discord bot that answers from a community's own library, with links that start at the right second."""

__version__ = "0.1.0"
