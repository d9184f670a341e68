"""Phrases after `/rent`, as in `phrases.py`: spans of days, and words around what is wanted."""

ENGLISH_SPANS = """a pair of ski this wknd => 1 × Ski | 2026-12-04 – 2026-12-06
tent between christmas and new year => Tent | 2026-12-27 – 2026-12-30
tent for the whole of january => Tent | 2027-01-01 – 2027-01-31
tent monday week => Tent | 2026-12-14 – -
tent a week on friday => Tent | 2026-12-11 – -
tent next week tuesday => Tent | 2026-12-08 – -
stove tomorrow at 3 => Stove | 2026-12-02 15:00 – -
stove tomorrow 3 to 5 => Stove | 2026-12-02 15:00 – 2026-12-02 17:00
stove tomorrow 2 to 14 => Stove | 2026-12-02 02:00 – 2026-12-02 14:00
canoe this afternoon => Canoe | 2026-12-01 15:00 – -

tent in january => Tent | 2027-01-01 – 2027-01-31
a canoe for a fortnight => 1 × Canoe | 14 days
tent for 2 weeks from friday => Tent | 2026-12-04 – 2026-12-17
stove for 14 days => Stove | 14 days
two tents and a stove next weekend => 2 × Tent + 1 × Stove | 2026-12-11 – 2026-12-13
need a stove asap => 1 × Stove | 2026-12-01 – -
can we have three sleeping bags from thursday til sunday => 3 × Sleeping bag | 2026-12-03 – 2026-12-06
the canoe on the 12th => Canoe | 2026-12-12 – -
sleeping bag 12-14 dec => Sleeping bag | 2026-12-12 – 2026-12-14
tent dec 12 to dec 14 => Tent | 2026-12-12 – 2026-12-14
tent 12/12-14/12 => Tent | 2026-12-12 – 2026-12-14
tent from the 20th to the 22nd => Tent | 2026-12-20 – 2026-12-22
I'd like to book the tent for new year's eve => Tent | 2026-12-31 – -
any stoves free tomorrow? => Stove | 2026-12-02 – -
is the canoe available on sunday => Canoe | 2026-12-06 – -
reserve 4 sleeping bags sat + sun => 4 × Sleeping bag | 2026-12-05 – 2026-12-06
tents x 2 fri-sun => 2 × Tent | 2026-12-04 – 2026-12-06
2x stove tomorrow => 2 × Stove | 2026-12-02 – -
a couple of tents this weekend => 2 × Tent | 2026-12-04 – 2026-12-06
half a dozen sleeping bags sat-sun => 6 × Sleeping bag | 2026-12-05 – 2026-12-06
tent the day after tomorrow => Tent | 2026-12-03 – -
tent tmrw => Tent | 2026-12-02 – -
stove tonite => Stove | 2026-12-01 18:00 – -
tent next thursday for 3 nights => Tent | 2026-12-10 – 2026-12-13
sleepingbag over easter => |  | “sleepingbag” is left
tent overnight on saturday => Tent |  | “overnight” is left
stove monday 10am - 3pm => Stove | 2026-12-07 10:00 – 2026-12-07 15:00
tent until sunday => Tent | - – 2026-12-06
canoe from now until 6pm => Canoe | 2026-12-01 – 2026-12-01 18:00
one tent + one stove, wed to fri => 1 × Tent + 1 × Stove | 2026-12-02 – 2026-12-04
please lend me a tent from saturday morning to monday => 1 × Tent | 2026-12-05 09:00 – 2026-12-07
canoe the whole of next week => Canoe | 2026-12-07 – 2026-12-13
tent first weekend in january => Tent | 2027-01-01 – 2027-01-03
"""

NORWEGIAN_SPANS = """telt mellom jul og nyttår => Telt | 2026-12-27 – 2026-12-30
telt neste uke tirsdag => Telt | 2026-12-08 – -
telt uke 50 på onsdag => Telt | 2026-12-09 – -
telt i ei veke => Telt | 7 days
pulk i ettermiddag => Pulk | 2026-12-01 15:00 – -
telt i morgen kl 3 => Telt | 2026-12-02 15:00 – -

telt i januar => Telt | 2027-01-01 – 2027-01-31
kajakk i to uker => Kajakk | 14 days
telt i 14 dager fra fredag => Telt | 2026-12-04 – 2026-12-17
to telt og en hodelykt neste helg => 2 × Telt + 1 × Hodelykt | 2026-12-11 – 2026-12-13
trenger en pulk så fort som mulig => 1 × Pulk | 2026-12-01 – -
kan vi få tre soveposer fra torsdag til søndag => 3 × Sovepose | 2026-12-03 – 2026-12-06
kajakken den 12. => Kajakk | 2026-12-12 – -
sovepose 12.–14. des => Sovepose | 2026-12-12 – 2026-12-14
telt 12. desember til 14. desember => Telt | 2026-12-12 – 2026-12-14
telt 12/12 - 14/12 => Telt | 2026-12-12 – 2026-12-14
telt fra 20. til 22. => Telt | 2026-12-20 – 2026-12-22
jeg vil gjerne låne teltet på nyttårsaften => Telt | 2026-12-31 – -
er det noen hodelykter ledig i morgen? => Hodelykt | 2026-12-02 – -
er kajakken ledig på søndag => Kajakk | 2026-12-06 – -
reserver 4 soveposer lør og søn => 4 × Sovepose | 2026-12-05 – 2026-12-06
telt x 2 fre-søn => 2 × Telt | 2026-12-04 – 2026-12-06
2 stk pulk i morgen => 2 × Pulk | 2026-12-02 – -
et par telt i helga => 2 × Telt | 2026-12-04 – 2026-12-06
soveposer 6 stk lør-søn => 6 × Sovepose | 2026-12-05 – 2026-12-06
telt imorra => Telt | 2026-12-02 – -
hodelykt i kveld => Hodelykt | 2026-12-01 18:00 – -
telt neste torsdag i 3 netter => Telt | 2026-12-10 – 2026-12-13
sovepose i påska => Sovepose | 2027-03-25 – 2027-03-29
telt lørdag til mandag morgen => Telt | 2026-12-05 – 2026-12-07 09:00
sykkel mandag kl 10-15 => Sykkel | 2026-12-07 10:00 – 2026-12-07 15:00
lån meg et telt fra lørdag formiddag til mandag => 1 × Telt | 2026-12-05 09:00 – 2026-12-07
telt ut uka => Telt | 2026-12-01 – 2026-12-06
telt fra i dag til fredag => Telt | 2026-12-01 – 2026-12-04
pulk første helga i januar => Pulk | 2027-01-01 – 2027-01-03
"""
