"""Training of the tiny model: a corpus, a teacher, and the loop that turns them into weights."""
