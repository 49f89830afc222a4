"""What only the clip `ScoreMatrix` needs."""
