"""The equipment, the members and the rules, as those who run the club see them."""

from docs.pictures.stage import Stage

INVENTORY = """Name;Invent.Nr.;Type;Location;Condition
Ice axe;AXE-1;Winter;Shelf C;ok
Ice axe;AXE-2;Winter;Shelf C;damaged
Headlamp;LAMP-1;Electronics;Shelf A;ok
Headlamp;LAMP-1;Electronics;Shelf A;ok
;LAMP-2;Electronics;Shelf A;ok
"""


async def running_the_club(stage: Stage) -> None:
    """Anna invites somebody, sends a list of new equipment, and wants labels."""
    await stage.write("Anna", "/invite", sees="Who are you inviting to")
    await stage.tap("Anna", "Lender", sees="It works for")
    await stage.picture("invite", "Anna", last=3)
    await stage.send_file("Anna", "inventory.csv", INVENTORY, sees="from row 2 on")
    await stage.picture("import", "Anna", last=2)
    await stage.tap("Anna", "Import", sees="Undo")
    await stage.write("Anna", "/labels TENT2-1, TENT2-2, TENT2-3", sees="21 to a sheet")
    await stage.picture("labels", "Anna", last=2)


async def keeping(stage: Stage) -> None:
    """Anna looks after the equipment, the members and the rules."""
    await stage.write("Anna", "/inventory Tent, 2 people", sees="Retire")
    await stage.picture("inventory", "Anna")
    await stage.write("Anna", "/inventory TENT2-1", sees="TENT2-1")
    await stage.picture("item", "Anna")
    await stage.write("Anna", "/members kari", sees="Kari Nordmann")
    await stage.picture("members", "Anna")
    await stage.write("Anna", "/policy", sees="The rules of")
    await stage.picture("policy", "Anna")
    await stage.write("Anna", "/stats", sees="Most rented")
    await stage.picture("stats", "Anna")
