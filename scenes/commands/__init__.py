"""One module for each group of commands; `scenes.cli` gathers them."""
