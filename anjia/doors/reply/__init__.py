"""The door for agencies that hold a letter: no account, nothing of any person, one answer."""
