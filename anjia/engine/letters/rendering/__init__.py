"""One sheet, whatever it is drawn as: as PDF, as a Word file, as a page for print by a template."""
