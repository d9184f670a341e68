"""Kits, blocks and files: what those who keep the equipment do, and what members see of it."""

from docs.pictures.stage import Stage


async def kits_and_blocks(stage: Stage) -> None:
    """Kari rents a kit, and sleeping mats of which some are then washed."""
    await stage.write("Anna", "/inventory", sees="Page 1 of")
    await stage.tap("Anna", "Kits", sees="Tap one to change it")
    await stage.tap("Anna", "🧰 Weekend for two · 4 parts", sees="free now")
    await stage.picture("kit", "Anna")
    await stage.write("Kari", "/rent weekend for two 8.1. 10.1.", sees="🧰 Weekend for two")
    await stage.picture("rent-kit", "Kari", last=2)
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.write("Kari", "/rent sleeping mat x5 15.1. 17.1.", sees="5 × Sleeping mat")
    await stage.tap("Kari", "Confirm", sees="Waiting for an answer")
    await stage.write("Anna", "/inventory sleeping mat", sees="6 items")
    await stage.tap("Anna", "Block", sees="How many")
    await stage.tap("Anna", "3", sees="From which day?")
    await stage.write("Anna", "11.1. - 17.1.", sees="Rentals that lose something")
    await stage.picture("block", "Anna")
    await stage.tap("Anna", "Repair", sees="Done.")
    await stage.sees("Kari", "cannot be lent then")
    await stage.picture("dropped-out", "Kari")


async def files(stage: Stage) -> None:
    """The inventory as an Excel file."""
    await stage.write("Anna", "/export", sees="as a file?")
    await stage.tap("Anna", "Inventory", sees="In which format?")
    await stage.tap("Anna", "Excel", sees=".xlsx")
    await stage.picture("export", "Anna", last=3)
