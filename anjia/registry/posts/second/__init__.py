"""Second factors: what shows that it is she (each kind one provider), and the steps in which it is asked."""
