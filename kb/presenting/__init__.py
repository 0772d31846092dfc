"""What pages show of knowledge: rows and words, worked out for templates."""
