"""Discord: declarations to slash commands, interactions to commands, replies to messages. Knows no corpus."""
