"""A film as slides: one for each beat, where a speaker stops to talk."""
