"""The service around the running bot: its web application, health, metrics, logs and systemd."""
