"""Pages of HTML that stand alone: one file, no request to anywhere."""
