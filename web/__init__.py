"""The web application: what the program serves by HTTP, each part if the settings say so."""
