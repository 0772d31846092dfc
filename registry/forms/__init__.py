"""Forms of the registry's pages: text into values, and what is malformed. They never save."""
