"""After an import: taking it back, and handing out what is with somebody according to the file."""
