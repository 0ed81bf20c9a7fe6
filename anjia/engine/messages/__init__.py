"""What leaves as a message: to staff a neutral line that something waits, to a resident only as she said."""
