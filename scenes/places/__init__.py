"""Where things stand: the frame, its regions, and the places of each kind of picture. No drawing in here."""
