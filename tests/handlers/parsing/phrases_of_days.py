"""More phrases after `/rent` and `/items`, as in `phrases.py`: days above all, and names like numbers."""

ENGLISH_DAYS = """
saturday => | 2026-12-05 – -
sat => | 2026-12-05 – -
next weekend => | 2026-12-11 – 2026-12-13
next month => | 2027-01-01 – 2027-01-31
for 3 days => | 3 days
tents this weekend => Tent | 2026-12-04 – 2026-12-06
sleeping bags saturday => Sleeping bag | 2026-12-05 – -
paddles sunday => paddles? | 2026-12-06 – -
what tents saturday => Tent | 2026-12-05 – -
tent saturday to monday => Tent | 2026-12-05 – 2026-12-07
tent sat-mon => Tent | 2026-12-05 – 2026-12-07
tent saturday - monday => Tent | 2026-12-05 – 2026-12-07
tent saturday until tuesday => Tent | 2026-12-05 – 2026-12-08
tent fri to tue => Tent | 2026-12-04 – 2026-12-08
tent tuesday => Tent | 2026-12-08 – -
tent this tuesday => Tent | 2026-12-01 – -
tent this friday to next tuesday => Tent | 2026-12-04 – 2026-12-08
tent next tuesday => Tent | 2026-12-08 – -
tent monday => Tent | 2026-12-07 – -
tent wed-thu next week => Tent | 2026-12-09 – 2026-12-10
tent wednesday next week => Tent | 2026-12-09 – -
tent week 51 => Tent | 2026-12-14 – 2026-12-20
tent monday week 51 => Tent | 2026-12-14 – -
tent week 2 => Tent | 2027-01-11 – 2027-01-17
tent this week => Tent | 2026-12-01 – 2026-12-06
tent this month => Tent | 2026-12-01 – 2026-12-31
tent today to tomorrow => Tent | 2026-12-01 – 2026-12-02
tent now => Tent | 2026-12-01 – -
tent today 3 days => Tent | 2026-12-01 – 2026-12-03
tent tomorrow for one day => Tent | 2026-12-02 – 2026-12-02
tent tomorrow for a week => Tent | 2026-12-02 – 2026-12-08
tent from tomorrow for two weeks => Tent | 2026-12-02 – 2026-12-15
tent friday for a week => Tent | 2026-12-04 – 2026-12-10
tent for 10 days => Tent | 10 days
tent for ten days => Tent | 10 days
tent for one day => Tent | 1 days
tent for the weekend => Tent | 2026-12-04 – 2026-12-06
tent over the weekend => Tent | 2026-12-04 – 2026-12-06
tent all weekend => Tent | 2026-12-04 – 2026-12-06
tent in two weeks => Tent | 2026-12-15 – -
tent in a week => Tent | 2026-12-08 – -
tent in 2 weeks for 3 days => Tent | 2026-12-15 – 2026-12-17
tent in a month => Tent | 2027-01-01 – -
tent a week from friday => Tent | 2026-12-11 – -
tent tonight to tomorrow => Tent | 2026-12-01 18:00 – 2026-12-02
tent tomorrow evening to friday morning => Tent | 2026-12-02 18:00 – 2026-12-04 09:00
tent friday afternoon to sunday evening => Tent | 2026-12-04 15:00 – 2026-12-06 18:00
tent saturday noon => Tent | 2026-12-05 12:00 – -
tent saturday 14:00-18:00 => Tent | 2026-12-05 14:00 – 2026-12-05 18:00
tent saturday 2-4pm => Tent | 2026-12-05 14:00 – 2026-12-05 16:00
tent 2pm saturday to 6pm => Tent | 2026-12-05 14:00 – 2026-12-05 18:00
tent from 10am to 4pm tomorrow => Tent | 2026-12-02 10:00 – 2026-12-02 16:00
tent tomorrow 10am to 4pm => Tent | 2026-12-02 10:00 – 2026-12-02 16:00
tent tomorrow at 10 => Tent | 2026-12-02 10:00 – -
tent friday 6pm to sunday 6pm => Tent | 2026-12-04 18:00 – 2026-12-06 18:00
tent friday at 18 until sunday at 12 => Tent | 2026-12-04 18:00 – 2026-12-06 12:00
tent friday 25:00 => Tent |  | no_such_time
tent 5 december to 7 december => Tent | 2026-12-05 – 2026-12-07
tent 5th december => Tent | 2026-12-05 – -
tent the 5th of december => Tent | 2026-12-05 – -
tent dec 5-7 => Tent | 2026-12-05 – 2026-12-07
tent 30 december to 2 january => Tent | 2026-12-30 – 2027-01-02
tent 30.12.-2.1. => Tent | 2026-12-30 – 2027-01-02
tent 5.12.2026 - 7.12.2026 => Tent | 2026-12-05 – 2026-12-07
tent 2026-12-05 to 2026-12-07 => Tent | 2026-12-05 – 2026-12-07
tent 2026/12/05 => Tent | 2026-12-05 – -
tent 1 march => Tent | 2027-03-01 – -
tent 29 february => Tent |  | no_such_day
tent 30 february 2027 => Tent |  | no_such_day
tent 11/12 => Tent |  | ambiguous
tent 12/11 => Tent |  | ambiguous
tent 5/12/2026 => Tent | 2026-12-05 – -
tent 11/30 => Tent | 2027-11-30 – -
tent saturday 5 december => Tent | 2026-12-05 – -
tent saturday 6 december => Tent |  | ambiguous
tent saturday the 5th => Tent | 2026-12-05 – -
tent new year => Tent | 2027-01-01 – -
tent boxing day => Tent | 2026-12-26 – -
tent valentine's day => Tent | 2027-02-14 – -
tent xmas eve to new year's eve => Tent | 2026-12-24 – 2026-12-31
tent during the christmas holidays => Tent | 2026-12-24 – 2026-12-26
tent may day => Tent | 2027-05-01 – -
tent thurday => Tent | 2026-12-03 – -
tent thrusday to sunady => Tent | 2026-12-03 – 2026-12-06
tent firday => Tent | 2026-12-04 – -
tent saterday and sundy => Tent | 2026-12-05 – 2026-12-06
tent tommorrow => Tent | 2026-12-02 – -
tent tuseday => Tent | 2026-12-08 – -
tent next wekend => Tent | 2026-12-11 – 2026-12-13
tent this weeknd => Tent | 2026-12-04 – 2026-12-06
tent 5 dezember => Tent | 2026-12-05 – -
tent 5 janaury => Tent | 2027-01-05 – -
tent 3 febuary => Tent | 2027-02-03 – -
tent 3 setpember => Tent | 2027-09-03 – -
tent chrismas eve => Tent | 2026-12-24 – -
two canoes and four paddles saturday => 2 × Canoe + 4 × paddles? | 2026-12-05 – -
2 canoes, 2 tents, 4 stoves fri-sun => 2 × Canoe + 2 × Tent + 4 × Stove | 2026-12-04 – 2026-12-06
canoe x2 and stove x1 tomorrow => 2 × Canoe + 1 × Stove | 2026-12-02 – -
canoe 2x saturday => 2 × Canoe | 2026-12-05 – -
canoes (2) saturday => Canoe | 2026-12-05 – - | how many: 2
twelve knives saturday => 12 × Knife | 2026-12-05 – -
eleven sleeping bags in two weeks => 11 × Sleeping bag | 2026-12-15 – -
twenty tents next weekend => 20 × Tent | 2026-12-11 – 2026-12-13
0 tents saturday => 0 × Tent | 2026-12-05 – -
3 tents for 3 days => 3 × Tent | 3 days
3 tents 3 days => 3 × Tent | 3 days
3 tents on 3 december => 3 × Tent | 2026-12-03 – -
3 tents 3.12. => 3 × Tent | 2026-12-03 – -
3 tents dec 3 => 3 × Tent | 2026-12-03 – -
two weekend kits next weekend => 2 × Weekend kit | 2026-12-11 – 2026-12-13
weekend kit this weekend => Weekend kit | 2026-12-04 – 2026-12-06
weekend kits => Weekend kit |
canon eos 5d 5.12. => Canon EOS 5D | 2026-12-05 – -
2 tents or 3 tents saturday => Tent |  | “or 3 tents” is left
tent not on sunday => Tent |  | “not” is left
tent saturday or sunday => Tent |  | ambiguous
tent saturdays => Tent |  | “saturdays” is left
tent every saturday => Tent |  | “every” is left
tent saturday from 9 => Tent | 2026-12-05 09:00 – -
tent saturday until 17 => Tent |  | “saturday until 17” is left
tent for 2 hours => Tent |  | “for 2 hours” is left
tent half a day => Tent |  | “half” is left
1.5 tents => Tent |  | “1.5” is left
-2 tents saturday => Tent |  | “-2” is left
tents 2 => Tent |  | “2” is left
tent, 2 => Tent |  | “2” is left
2 2 people tents => 2 × Tent, 2 people |
3 tent, 2 people => 3 × Tent, 2 people |
two tents for two people for two days => 2 × Tent, 2 people | 2 days
tent for 4 => Tent |  | “for 4” is left
tent 3-4 days => Tent |  | “3-4 days” is left
tent x2 and tent x3 => 2 × Tent + 3 × Tent |
tent with stove saturday => Tent + Stove | 2026-12-05 – -
tent saturday, canoe sunday => Tent |  | “saturday, canoe” is left
2 tents saturday 3 canoes sunday => Tent |  | “saturday 3 canoes” is left
weekend kits for 2 weekends => Weekend kit |  | “for 2 weekends” is left
the weekend kit for the weekend => Weekend kit | 2026-12-04 – 2026-12-06
tent 2 weekends => Tent |  | “2 weekends” is left
tent in december => Tent | 2026-12-01 – 2026-12-31
tent last friday => Tent |  | “last” is left
tent 5 to 7 => Tent |  | “5 to 7” is left
tent friday the 5th => Tent |  | ambiguous
tent tomorrow 9 to friday 17 => Tent |  | “tomorrow 9 to friday 17” is left
rope 50 tomorrow => Rope 50 m | 2026-12-02 – -
50 ropes 5 days => 50 × Rope 50 m | 5 days
5 ropes 50 m for 5 days => 5 × Rope 50 m | 5 days
mixer 8 8 dec => Mixer 8 channel | 2026-12-08 – -
8 mixers 8 dec => 8 × Mixer 8 channel | 2026-12-08 – -
eight channel mixer => Mixer 8 channel |
n1, n2 saturday => N1 + N2 | 2026-12-05 – -
screen 16:10 friday 16:00 to 18:00 => Screen 16:10 | 2026-12-04 16:00 – 2026-12-04 18:00
"""

NORWEGIAN_DAYS = """
lørdag => | 2026-12-05 – -
i helga => | 2026-12-04 – 2026-12-06
til helga => | 2026-12-04 – 2026-12-06
førstkommende helg => | 2026-12-04 – 2026-12-06
neste måned => | 2027-01-01 – 2027-01-31
i tre dager => | 3 days
soveposer lørdag => Sovepose | 2026-12-05 – -
telt på lørdag => Telt | 2026-12-05 – -
telt lør-man => Telt | 2026-12-05 – 2026-12-07
telt lørdag til mandag => Telt | 2026-12-05 – 2026-12-07
telt fra lørdag til tirsdag => Telt | 2026-12-05 – 2026-12-08
telt f.o.m. fredag t.o.m. søndag => Telt | 2026-12-04 – 2026-12-06
telt fra og med fredag til og med søndag => Telt | 2026-12-04 – 2026-12-06
telt fredag frem til søndag => Telt | 2026-12-04 – 2026-12-06
telt denne uka => Telt | 2026-12-01 – 2026-12-06
telt neste tirsdag => Telt | 2026-12-08 – -
telt torsdag neste uke => Telt | 2026-12-10 – -
telt mandag uke 51 => Telt | 2026-12-14 – -
telt uke 2 => Telt | 2027-01-11 – 2027-01-17
telt i dag => Telt | 2026-12-01 – -
telt nå => Telt | 2026-12-01 – -
telt i dag til fredag => Telt | 2026-12-01 – 2026-12-04
telt i morgen i to dager => Telt | 2026-12-02 – 2026-12-03
telt i ei uke => Telt | 7 days
telt i to uker => Telt | 14 days
telt om en uke => Telt | 2026-12-08 – -
telt om en måned => Telt | 2027-01-01 – -
telt to uker fra fredag => Telt | 2026-12-04 – 2026-12-17
telt i kveld til i morgen => Telt | 2026-12-01 18:00 – 2026-12-02
telt i morgen kveld til fredag => Telt | 2026-12-02 18:00 – 2026-12-04
telt fredag kl 18 til søndag kl 18 => Telt | 2026-12-04 18:00 – 2026-12-06 18:00
telt fredag 18:00 - søndag 12:00 => Telt | 2026-12-04 18:00 – 2026-12-06 12:00
telt lørdag 10-16 => Telt | 2026-12-05 10:00 – 2026-12-05 16:00
telt i morgen 10 til 16 => Telt | 2026-12-02 10:00 – 2026-12-02 16:00
telt kl. 10.00 i morgen til kl. 16.00 => Telt | 2026-12-02 10:00 – 2026-12-02 16:00
telt 5. desember => Telt | 2026-12-05 – -
telt 5. til 7. desember => Telt | 2026-12-05 – 2026-12-07
telt 5.12 - 7.12 => Telt | 2026-12-05 – 2026-12-07
telt 5/12-7/12 => Telt | 2026-12-05 – 2026-12-07
telt 11/12 => Telt | 2026-12-11 – -
telt 12/11 => Telt | 2027-11-12 – -
telt 30/11 => Telt | 2027-11-30 – -
telt 12/24 => Telt | 2026-12-24 – -
telt 30.12. til 2.1. => Telt | 2026-12-30 – 2027-01-02
telt den 5. => Telt | 2026-12-05 – -
telt lørdag 5. desember => Telt | 2026-12-05 – -
telt lørdag den 5. => Telt | 2026-12-05 – -
telt 1. mars til 3. mars => Telt | 2027-03-01 – 2027-03-03
telt 29. februar => Telt |  | no_such_day
telt 1. juledag => Telt | 2026-12-25 – -
telt lille julaften => Telt | 2026-12-23 – -
telt 17.mai => Telt | 2027-05-17 – -
telt syttende mai => Telt | 2027-05-17 – -
telt julaften til 2. juledag => Telt | 2026-12-24 – 2026-12-26
telt romjul => Telt | 2026-12-27 – 2026-12-30
telt nyttår => Telt | 2027-01-01 – -
telt lørdagg => Telt | 2026-12-05 – -
telt fredg => Telt | 2026-12-04 – -
telt onsdg => Telt | 2026-12-02 – -
telt tosrdag => Telt | 2026-12-03 – -
telt søndga => Telt | 2026-12-06 – -
telt 5. dessember => Telt | 2026-12-05 – -
telt 5. janaur => Telt | 2027-01-05 – -
telt 3. febuar => Telt | 2027-02-03 – -
telt julaftn => Telt | 2026-12-24 – -
telt i morgenn => Telt | 2026-12-02 – -
to sykler og tre hodelykter i morgen => 2 × Sykkel + 3 × Hodelykt | 2026-12-02 – -
ti soveposer neste helg => 10 × Sovepose | 2026-12-11 – 2026-12-13
ett telt lørdag => 1 × Telt | 2026-12-05 – -
en pulk fredag til søndag => 1 × Pulk | 2026-12-04 – 2026-12-06
et par telt lørdag => 2 × Telt | 2026-12-05 – -
et par ski lørdag => 1 × Ski | 2026-12-05 – -
fire telt, fire soveposer og to pulker i helga => 4 × Telt + 4 × Sovepose + 2 × Pulk | 2026-12-04 – 2026-12-06
telt x 2 lørdag => 2 × Telt | 2026-12-05 – -
2 telt 2. desember => 2 × Telt | 2026-12-02 – -
tolv hodelykter om to uker => 12 × Hodelykt | 2026-12-15 – -
3 telt i 3 dager => 3 × Telt | 3 days
telt lørdag eller søndag => Telt |  | ambiguous
ikke telt lørdag => Telt |  | “ikke” is left
telt lørdager => Telt |  | “lørdager” is left
telt i 2 timer => Telt |  | “i 2 timer” is left
telt to netter => Telt | 3 days
telt forrige helg => Telt |  | “forrige” is left
telt lørdag til 17 => Telt |  | “lørdag til 17” is left
telt lørdag til kl 17 => Telt | 2026-12-05 – 2026-12-05 17:00
telt for fire => Telt |  | “for fire” is left
telt 3-4 dager => Telt |  | “3-4 dager” is left
3-4 telt lørdag => Telt |  | “3-4” is left
et og et halvt telt => Telt |  | “et og et halvt” is left
alle teltene lørdag => Telt |  | “alle” is left
en sykkel en dag => 1 × Sykkel | 1 days
telt uke 50-51 => Telt |  | “uke 50-51” is left
telt fjorten dager fra fredag => Telt | 2026-12-04 – 2026-12-17
telt onsdag til lørdag i neste uke => Telt | 2026-12-09 – 2026-12-12
kan vi leie tre telt fra fredag til søndag? => 3 × Telt | 2026-12-04 – 2026-12-06
"""

TRICKY_NAMES = (
    "Sat phone",
    "Sun sail",
    "Friday tent",
    "Fire extinguisher",
    "Man overboard set",
    "Camera 4K",
    "Hammock 2",
    "Lavvo 8",
    "Two-man saw",
    "One-wheel",
    "May pole",
    "March drum",
    "Speaker JBL 310",
    "Battery 12 V",
    "Ski 180 cm",
    "Ski 190 cm",
    "Kart 1:50",
    "10 m rope",
    "Juletre",
    "Søndagsbrett",
    "Night light",
    "Adapter 3.12",
    "Lens 50mm 1.8",
    "Today magazine",
)
"""Names with numbers, weekdays, months and words for numbers in them."""

TRICKY_ENGLISH = """
sat phone => Sat phone |
sat phone sat => Sat phone | 2026-12-05 – -
sat phone saturday to sunday => Sat phone | 2026-12-05 – 2026-12-06
2 sat phones friday => 2 × Sat phone | 2026-12-04 – -
saturday sat phone => Sat phone | 2026-12-05 – -
sun sail => Sun sail |
sun sail sunday => Sun sail | 2026-12-06 – -
two sun sails sun-mon => 2 × Sun sail | 2026-12-06 – 2026-12-07
friday tent => Friday tent |
friday tent friday => Friday tent | 2026-12-04 – -
friday tents => Friday tent |
friday sat phone => Sat phone | 2026-12-04 – -
tent thursday 10/12 => Friday tent | 2026-12-10 – -
tent friday 11/12 => Friday tent |  | ambiguous
fire extinguisher tomorrow => Fire extinguisher | 2026-12-02 – -
fire extinguishers tomorrow => Fire extinguisher | 2026-12-02 – -
2 fire extinguishers tomorrow => 2 × Fire extinguisher | 2026-12-02 – -
man overboard set monday => Man overboard set | 2026-12-07 – -
camera 4k 4.12. to 6.12. => Camera 4K | 2026-12-04 – 2026-12-06
2 camera 4k saturday => 2 × Camera 4K | 2026-12-05 – -
hammock 2 => Hammock 2 |
hammock 2 tomorrow => Hammock 2 | 2026-12-02 – -
2 hammock 2 tomorrow => 2 × Hammock 2 | 2026-12-02 – -
hammock 2 x2 tomorrow => 2 × Hammock 2 | 2026-12-02 – -
2 hammocks tomorrow => 2 × Hammock 2 | 2026-12-02 – -
lavvo 8 saturday => Lavvo 8 | 2026-12-05 – -
lavvo 8 8.12. => Lavvo 8 | 2026-12-08 – -
lavvo 8 8 december => Lavvo 8 | 2026-12-08 – -
lavvo 8 to 10 december => Lavvo 8 | 2026-12-08 – 2026-12-10
two-man saw saturday => Two-man saw | 2026-12-05 – -
two two-man saws saturday => 2 × Two-man saw | 2026-12-05 – -
one-wheel today => One-wheel | 2026-12-01 – -
3 one-wheels today => 3 × One-wheel | 2026-12-01 – -
may pole 1 may => May pole | 2027-05-01 – -
may pole => May pole |
march drum in march => March drum | 2027-03-01 – 2027-03-31
speaker jbl 310 tomorrow => Speaker JBL 310 | 2026-12-02 – -
2 jbl 310 tomorrow => 2 × Speaker JBL 310 | 2026-12-02 – -
battery 12 v for 2 days => Battery 12 V | 2 days
12 v battery tomorrow => Battery 12 V | 2026-12-02 – -
4 12 v batteries tomorrow => 4 × Battery 12 V | 2026-12-02 – -
ski 180 tomorrow => Ski 180 cm | 2026-12-02 – -
2 ski tomorrow => 2 × ski? | 2026-12-02 – -
kart 1:50 tomorrow => Kart 1:50 | 2026-12-02 – -
kart 1:50 13:50 tomorrow => Kart 1:50 | 2026-12-02 13:50 – -
10 m rope tomorrow => 10 m rope | 2026-12-02 – -
10 ropes tomorrow => 10 × 10 m rope | 2026-12-02 – -
2 10 m rope tomorrow => 2 × 10 m rope | 2026-12-02 – -
night light tomorrow night => Night light | 2026-12-02 18:00 – -
night light => Night light |
adapter 3.12 => Adapter 3.12 |
adapter 3.12 4.12. => Adapter 3.12 | 2026-12-04 – -
adapter 4.12 => Adapter 3.12 | 2026-12-04 – -
lens 50mm 1.8 1.8. => Lens 50mm 1.8 | 2027-08-01 – -
lens 50mm 1.8 tomorrow => Lens 50mm 1.8 | 2026-12-02 – -
3 march drums 3 march => 3 × March drum | 2027-03-03 – -
may poles in may => May pole | 2027-05-01 – 2027-05-31
2 ski 180 and 3 ski 190 saturday => 2 × Ski 180 cm + 3 × Ski 190 cm | 2026-12-05 – -
sat phone and sun sail sat-sun => Sat phone + Sun sail | 2026-12-05 – 2026-12-06
night light saturday night to sunday => Night light | 2026-12-05 18:00 – 2026-12-06
hammock 22 => Hammock 2 |  | “22” is left
4k camera for 4 days => Camera 4K | 4 days
today magazine today => Today magazine | 2026-12-01 – -
"""

TRICKY_NORWEGIAN = """
søndagsbrett søndag => Søndagsbrett | 2026-12-06 – -
to søndagsbrett søndag => 2 × Søndagsbrett | 2026-12-06 – -
juletre jul => Juletre | 2026-12-24 – -
juletre julaften => Juletre | 2026-12-24 – -
lavvo 8 lørdag => Lavvo 8 | 2026-12-05 – -
lavvo 8 til 10 desember => Lavvo 8 | 2026-12-08 – 2026-12-10
fire lavvo 8 lørdag => 4 × Lavvo 8 | 2026-12-05 – -
kart 1:50 i morgen => Kart 1:50 | 2026-12-02 – -
ski 190 cm fre-søn => Ski 190 cm | 2026-12-04 – 2026-12-06
"""
