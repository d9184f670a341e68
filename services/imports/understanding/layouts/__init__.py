"""The shapes that people give a table: units below its header, sections with sums of their own."""
