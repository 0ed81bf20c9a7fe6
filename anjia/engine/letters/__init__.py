"""What leaves: the disclosure gate. Whereabouts leave the vault only through `gate`, never by any other page."""
