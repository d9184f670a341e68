"""The running program: command line, settings, wiring, intake, scheduler, delivery. Nobody imports it."""
