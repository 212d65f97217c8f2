"""How this process does, for whoever hosts it: what is counted, whether it is ready, and the address that says so.

Below the commands, which are counted here, and so below gateway and preview, which both answer with it and know
nothing of each other. Changes nothing, and knows no question and nobody who asks.
"""

from bot.operation.operation import Operation

__all__ = ["Operation"]
