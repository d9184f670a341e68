"""Phrases as people type them after `/rent`, each with its reading, on Tuesday 1 December 2026.

The things with their numbers (`?`: several are called so, and one is asked), the first day and the last, what
is asked about a day, and the words that were not understood: then neither days nor numbers are kept.
"""

NAMES = (
    "Tent",
    "Tent, 2 people",
    "Tarpaulin 3 × 4 m",
    "Sleeping bag",
    "Stove",
    "Canoe",
    "Kajakk",
    "Sovepose",
    "Telt",
    "Pulk",
    "Hodelykt",
    "Sykkel",
    "Mixer 8 channel",
    "Screen 16:10",
    "Canon EOS 5D",
    "Genelec 8050A",
    "Rope 50 m",
    "Ski",
    "Knife",
    "Weekend kit",
    "Paddle, long",
    "Paddle, short",
)

ENGLISH = """
2 paddles saturday => 2 × paddles? | 2026-12-05 – -
3 tents this weekend => 3 × Tent | 2026-12-04 – 2026-12-06
2 tents => 2 × Tent |
tent => Tent |
tents => Tent |
2 people tent => Tent, 2 people |
2 man tent => Tent, 2 people |
two tents tomorrow => 2 × Tent | 2026-12-02 – -
a tent tomorrow => 1 × Tent | 2026-12-02 – -
three sleeping bags fri-sun => 3 × Sleeping bag | 2026-12-04 – 2026-12-06
tent x2 fri-sun => 2 × Tent | 2026-12-04 – 2026-12-06
2x tent fri-sun => 2 × Tent | 2026-12-04 – 2026-12-06
2 x tent fri-sun => 2 × Tent | 2026-12-04 – 2026-12-06
tent and 2 sleeping bags fri-sun => Tent + 2 × Sleeping bag | 2026-12-04 – 2026-12-06
tent, stove and canoe this weekend => Tent + Stove + Canoe | 2026-12-04 – 2026-12-06
2 tents and 3 sleeping bags tomorrow => 2 × Tent + 3 × Sleeping bag | 2026-12-02 – -
tents + stove saturday => Tent + Stove | 2026-12-05 – -
tent & stove x2 saturday => Tent + 2 × Stove | 2026-12-05 – -
a couple of tents saturday => 2 × Tent | 2026-12-05 – -
a dozen sleeping bags saturday => 12 × Sleeping bag | 2026-12-05 – -
2 pairs of ski saturday => 2 × Ski | 2026-12-05 – -
knives tomorrow => Knife | 2026-12-02 – -
4 knives tomorrow for 3 days => 4 × Knife | 2026-12-02 – 2026-12-04
3 x 4 m tarpaulin saturday => Tarpaulin 3 × 4 m |  | “3 x” is left
tarpaulin 3 x 4 saturday => Tarpaulin 3 × 4 m |  | “3 x 4” is left
8 channel mixer saturday => Mixer 8 channel | 2026-12-05 – -
mixer 8 channel saturday => Mixer 8 channel | 2026-12-05 – -
2 mixer 8 channel saturday => 2 × Mixer 8 channel | 2026-12-05 – -
Screen 16:10 tomorrow => Screen 16:10 | 2026-12-02 – -
screen 16:10 => Screen 16:10 |
Canon EOS 5D tomorrow 3 days => Canon EOS 5D | 2026-12-02 – 2026-12-04
2 Genelec 8050A tomorrow => 2 × Genelec 8050A | 2026-12-02 – -
rope 50 m tomorrow => Rope 50 m | 2026-12-02 – -
2 rope 50 m tomorrow => 2 × Rope 50 m | 2026-12-02 – -
canoe 11.12. 13.12. => Canoe | 2026-12-11 – 2026-12-13
canoe 11.12.-13.12. => Canoe | 2026-12-11 – 2026-12-13
canoe 2026-12-11 2026-12-13 => Canoe | 2026-12-11 – 2026-12-13
tent saturday 9 to 17 => Tent | 2026-12-05 09:00 – 2026-12-05 17:00
tent saturday 9-17 => Tent | 2026-12-05 09:00 – 2026-12-05 17:00
tent saturday 9 to 5 => Tent | 2026-12-05 09:00 – 2026-12-05 17:00
tent saturday 9am to 5pm => Tent | 2026-12-05 09:00 – 2026-12-05 17:00
tent saturday 9am-5pm => Tent | 2026-12-05 09:00 – 2026-12-05 17:00
tent 10am tomorrow to 4pm => Tent | 2026-12-02 10:00 – 2026-12-02 16:00
tent tomorrow from 10 to 14 => Tent | 2026-12-02 10:00 – 2026-12-02 14:00
tent tomorrow 10:00 to 14 => Tent | 2026-12-02 10:00 – 2026-12-02 14:00
tent friday 10:00 to sunday 14 => Tent | 2026-12-04 10:00 – 2026-12-06 14:00
tent from 4pm friday to 10am sunday => Tent | 2026-12-04 16:00 – 2026-12-06 10:00
tent friday evening to sunday => Tent | 2026-12-04 18:00 – 2026-12-06
tent friday evening to sunday evening => Tent | 2026-12-04 18:00 – 2026-12-06 18:00
tent tomorrow morning => Tent | 2026-12-02 09:00 – -
tent tonight => Tent | 2026-12-01 18:00 – -
tent this evening => Tent | 2026-12-01 18:00 – -
tent today => Tent | 2026-12-01 – -
tent today to friday => Tent | 2026-12-01 – 2026-12-04
tent for 3 days => Tent | 3 days
tent 3 days => Tent | 3 days
tent for a week => Tent | 7 days
tent for two weeks => Tent | 14 days
tent in 3 days => Tent | 2026-12-04 – -
tent in 3 days for 2 days => Tent | 2026-12-04 – 2026-12-05
tent friday for 3 days => Tent | 2026-12-04 – 2026-12-06
tent for 3 days from friday => Tent | 2026-12-04 – 2026-12-06
tent friday in two weeks => Tent | 2026-12-18 – -
tent in two weeks friday => Tent | 2026-12-18 – -
tent two weeks from friday => Tent | 2026-12-18 – -
tent weekend => Tent | 2026-12-04 – 2026-12-06
tent this weekend => Tent | 2026-12-04 – 2026-12-06
tent next weekend => Tent | 2026-12-11 – 2026-12-13
tent the weekend => Tent | 2026-12-04 – 2026-12-06
weekend kit friday => Weekend kit | 2026-12-04 – -
weekend kit => Weekend kit |
tent next week => Tent | 2026-12-07 – 2026-12-13
tent next month => Tent | 2027-01-01 – 2027-01-31
tent next friday => Tent | 2026-12-11 – -
tent monday to wednesday next week => Tent | 2026-12-07 – 2026-12-09
tent xmas => Tent | 2026-12-25 – -
tent over christmas => Tent | 2026-12-24 – 2026-12-26
tent christmas eve => Tent | 2026-12-24 – -
tent christmas eve to boxing day => Tent | 2026-12-24 – 2026-12-26
tent 23.12. to new year's eve => Tent | 2026-12-23 – 2026-12-31
tent new year's eve => Tent | 2026-12-31 – -
tent halloween => Tent | 2027-10-31 – -
tent 4 december => Tent | 2026-12-04 – -
tent december 4 => Tent | 2026-12-04 – -
tent dec 4th => Tent | 2026-12-04 – -
tent 4-6 december => Tent | 2026-12-04 – 2026-12-06
tent december 4-6 => Tent | 2026-12-04 – 2026-12-06
tent december 4 to december 6 => Tent | 2026-12-04 – 2026-12-06
tent 4th to 6th => Tent | 2026-12-04 – 2026-12-06
tent 4/12 => Tent |  | ambiguous
tent 12/24 => Tent | 2026-12-24 – -
tent 13/12 => Tent | 2026-12-13 – -
tent 12/13 => Tent | 2026-12-13 – -
tent 4/12 to 6/12 => Tent | 2026-12-04 – 2026-12-06
tent 4/12/2026 => Tent | 2026-12-04 – -
tent satturday => Tent | 2026-12-05 – -
tent wendesday => Tent | 2026-12-02 – -
tent tommorow => Tent | 2026-12-02 – -
tent tomorow to fridey => Tent | 2026-12-02 – 2026-12-04
tent 4 decmber => Tent | 2026-12-04 – -
tent 4-6 decembr => Tent | 2026-12-04 – 2026-12-06
tent nxt friday => Tent |  | “nxt” is left
saturday tent => Tent | 2026-12-05 – -
this weekend 3 tents => 3 × Tent | 2026-12-04 – 2026-12-06
tomorrow: 2 tents and a stove => 2 × Tent + 1 × Stove | 2026-12-02 – -
next week I need a tent => 1 × Tent | 2026-12-07 – 2026-12-13
can I borrow a tent this weekend? => 1 × Tent | 2026-12-04 – 2026-12-06
could we please borrow 2 tents from friday to sunday => 2 × Tent | 2026-12-04 – 2026-12-06
I need three tents and two stoves saturday please => 3 × Tent + 2 × Stove | 2026-12-05 – -
I'd like to rent a canoe tomorrow => 1 × Canoe | 2026-12-02 – -
hi, can i get 2 sleeping bags fri-sun thanks => 2 × Sleeping bag | 2026-12-04 – 2026-12-06
tent saturday please => Tent | 2026-12-05 – -
please a tent => 1 × Tent |
tent blue saturday => Tent |  | “blue” is left
3 zorbs saturday => |  | “3 zorbs” is left
zorb => |  | “zorb” is left
tent zorb x2 tomorrow => Tent |  | “zorb” is left
tent and zorb tomorrow => Tent + zorb? | 2026-12-02 – -
tent friday 4 to 6 => Tent |  | “friday 4 to 6” is left
tent friday 4 to 6 o'clock => Tent | 2026-12-04 16:00 – 2026-12-04 18:00
tent saturday at 9 => Tent | 2026-12-05 09:00 – -
tent saturday 9 => Tent |  | “saturday 9” is left
tent 31.11. => Tent |  | no_such_day
tent 1.2.2020 => Tent | 2020-02-01 – -
N1 tomorrow => N1 | 2026-12-02 – -
N1 => N1 |
tomorrow => | 2026-12-02 – -
this weekend => | 2026-12-04 – 2026-12-06
3 => |  | “3” is left
x2 => x2 |
2 tents 3 stoves saturday => 2 × Tent + 3 × Stove | 2026-12-05 – -
tents friday to sunday x2 => 2 × Tent | 2026-12-04 – 2026-12-06
tent for friday to sunday => Tent | 2026-12-04 – 2026-12-06
tent on the 5th => Tent | 2026-12-05 – -
tent from friday until monday => Tent | 2026-12-04 – 2026-12-07
tent until friday => Tent | - – 2026-12-04
tent fri 16:00 - sun 12:00 => Tent | 2026-12-04 16:00 – 2026-12-06 12:00
tent sat/sun => Tent | 2026-12-05 – 2026-12-06
tent fri/sat/sun => Tent | 2026-12-04 – 2026-12-06
tent, 4, 5 and 6 december => Tent | 2026-12-04 – 2026-12-06
canoe on the 4th, 5th and 6th => Canoe | 2026-12-04 – 2026-12-06
canoe friday and sunday => Canoe |  | some_days
canoe 4 sunday => Canoe | 2026-12-06 – - | how many: 4
a canoe for me and one for my wife saturday => 2 × Canoe | 2026-12-05 – -
another tent saturday => 1 × Tent | 2026-12-05 – -
tent sat & sun => Tent | 2026-12-05 – 2026-12-06
tent day after tomorrow => Tent | 2026-12-03 – -
tent yesterday => Tent | 2026-11-30 – -
december 4 tent => Tent | 2026-12-04 – -
"""

NORWEGIAN = """
3 telt i helga => 3 × Telt | 2026-12-04 – 2026-12-06
2 telt => 2 × Telt |
to telt i morgen => 2 × Telt | 2026-12-02 – -
tre telt og fire soveposer i helgen => 3 × Telt + 4 × Sovepose | 2026-12-04 – 2026-12-06
telt og 2 soveposer fre-søn => Telt + 2 × Sovepose | 2026-12-04 – 2026-12-06
telt, hodelykt og pulk fredag til søndag => Telt + Hodelykt + Pulk | 2026-12-04 – 2026-12-06
fem hodelykter lørdag => 5 × Hodelykt | 2026-12-05 – -
hodelyktene lørdag => Hodelykt | 2026-12-05 – -
soveposene neste helg => Sovepose | 2026-12-11 – 2026-12-13
pulker neste uke => Pulk | 2026-12-07 – 2026-12-13
2 pulker uke 50 => 2 × Pulk | 2026-12-07 – 2026-12-13
sykler i morgen => Sykkel | 2026-12-02 – -
2 sykler i dag => 2 × Sykkel | 2026-12-01 – -
kajakker lørdag og søndag => Kajakk | 2026-12-05 – 2026-12-06
kajakken lørdag => Kajakk | 2026-12-05 – -
2 stk telt i morgen => 2 × Telt | 2026-12-02 – -
telt 2 stk i morgen => 2 × Telt | 2026-12-02 – -
telt x3 1.12.-3.12. => 3 × Telt | 2026-12-01 – 2026-12-03
et telt til i morgen => 1 × Telt | - – 2026-12-02
telt til fredag => Telt | - – 2026-12-04
telt lørdag 9 til 17 => Telt | 2026-12-05 09:00 – 2026-12-05 17:00
telt lørdag kl 9 til 17 => Telt | 2026-12-05 09:00 – 2026-12-05 17:00
telt lørdag fra 9 til 17 => Telt | 2026-12-05 09:00 – 2026-12-05 17:00
telt lørdag mellom 9 og 17 => Telt | 2026-12-05 09:00 – 2026-12-05 17:00
telt fra kl 10 i morgen til kl 16 => Telt | 2026-12-02 10:00 – 2026-12-02 16:00
telt fredag kveld til søndag => Telt | 2026-12-04 18:00 – 2026-12-06
telt fredag ettermiddag til søndag kveld => Telt | 2026-12-04 15:00 – 2026-12-06 18:00
telt i kveld => Telt | 2026-12-01 18:00 – -
telt i 3 dager => Telt | 3 days
telt for 3 dager => Telt | 3 days
telt en uke => Telt | 7 days
telt fredag i 3 dager => Telt | 2026-12-04 – 2026-12-06
telt om 3 dager => Telt | 2026-12-04 – -
telt fredag om to uker => Telt | 2026-12-18 – -
telt om to uker => Telt | 2026-12-15 – -
telt neste måned => Telt | 2027-01-01 – 2027-01-31
telt jul => Telt | 2026-12-24 – -
telt i jula => Telt | 2026-12-24 – 2026-12-26
telt julaften => Telt | 2026-12-24 – -
telt julaften til nyttårsaften => Telt | 2026-12-24 – 2026-12-31
telt romjula => Telt | 2026-12-27 – 2026-12-30
telt nyttårsaften => Telt | 2026-12-31 – -
telt 2. juledag => Telt | 2026-12-26 – -
telt 17. mai => Telt | 2027-05-17 – -
telt sankthans => Telt | 2027-06-23 – -
telt 4/12 => Telt | 2026-12-04 – -
telt 4/12 til 6/12 => Telt | 2026-12-04 – 2026-12-06
telt 4.12 til 6.12 => Telt | 2026-12-04 – 2026-12-06
telt 4. til 6. desember => Telt | 2026-12-04 – 2026-12-06
telt 4.-6. des => Telt | 2026-12-04 – 2026-12-06
telt fredag 4. desember => Telt | 2026-12-04 – -
telt lørdg => Telt | 2026-12-05 – -
telt tirsdagg => Telt | 2026-12-08 – -
telt 4. desembr => Telt | 2026-12-04 – -
telt fredag til sønndag => Telt | 2026-12-04 – 2026-12-06
i morgen 2 telt => 2 × Telt | 2026-12-02 – -
neste helg: tre telt => 3 × Telt | 2026-12-11 – 2026-12-13
kan jeg låne et telt i helga? => 1 × Telt | 2026-12-04 – 2026-12-06
jeg vil gjerne låne to telt i morgen => 2 × Telt | 2026-12-02 – -
jeg trenger 3 soveposer fredag til søndag, takk => 3 × Sovepose | 2026-12-04 – 2026-12-06
hei, kan vi få låne telt og pulk neste helg => Telt + Pulk | 2026-12-11 – 2026-12-13
blått telt lørdag => Telt |  | “blått” is left
telt lør/søn => Telt | 2026-12-05 – 2026-12-06
telt 4., 5. og 6. desember => Telt | 2026-12-04 – 2026-12-06
telt 30., 31. des og 1. januar => Telt | 2026-12-30 – 2027-01-01
en kajakk til meg og en til kona => 2 × Kajakk |
ett telt til => 1 × Telt |
telt man => Telt | 2026-12-07 – -
telt man-ons => Telt | 2026-12-07 – 2026-12-09
telt i overmorgen => Telt | 2026-12-03 – -
telt helg => Telt | 2026-12-04 – 2026-12-06
telt hele helga => Telt | 2026-12-04 – 2026-12-06
3 zorber lørdag => |  | “3 zorber” is left
telt fra fredag kl 16 til søndag kl 12 => Telt | 2026-12-04 16:00 – 2026-12-06 12:00
telt 1. desember kl 12 til 3. desember kl 10 => Telt | 2026-12-01 12:00 – 2026-12-03 10:00
telt kl 10 i morgen til kl 16 => Telt | 2026-12-02 10:00 – 2026-12-02 16:00
"""
