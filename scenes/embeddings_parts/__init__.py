"""What only the clip `Embeddings` needs."""
