"""At the counter and on the telephone: a call that was interrupted, who is to be called back now."""
