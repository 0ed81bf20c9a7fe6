"""Views of the residents' site: quiet pages, the four steps, coming back with a receipt."""
