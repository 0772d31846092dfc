"""What the registry's pages show: rows and sentences, read in a bounded number of queries."""
