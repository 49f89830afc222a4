"""What a clip tells of a trace: facts, the tokens it talks about, what it compares."""
