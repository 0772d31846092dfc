"""What other packages tell us that belongs on the record."""
