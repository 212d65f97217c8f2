"""From bytes to documents and findings. Pure but for the folder walk; knows no database and no Discord."""
