"""What only the clip `Tokenization` needs."""
