"""Discord: declarations to slash commands, interactions to commands, replies to messages. Asks the library nothing."""
