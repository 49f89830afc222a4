"""What only the clip `BroaderPicture` needs."""
