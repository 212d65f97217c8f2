"""The features: each module declares its commands and the actions of its buttons once, for every surface."""
