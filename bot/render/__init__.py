"""From answers to replies: embeds within Discord's limits, buttons and menus; text for the terminal. Asks nothing."""
