"""How the last picture of one clip becomes the first of the next."""
