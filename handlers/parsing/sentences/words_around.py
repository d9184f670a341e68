"""Words of sentences that name no thing, number or day: `could`, `you`, `gjerne`, `friend`, `birthday`."""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


SAYING_NOTHING = words_of(
    # Pronouns and what stands for them, as they are spoken as well
    "i we me us my our you your he she they his her their him them it its that this these those who whom "
    "someone somebody anybody anyone everyone everybody one's jeg eg æ e je vi oss du de dere dokker dykk "
    "ho han hun dem dei meg mæ min mi mitt mine vår vårt våre deg sin sitt sine det den d noe noen nokre "
    "nokon nån nåen noko ingen ich wir uns mir ihr sie man mein meine unser es das die der was "
    # Verbs that help, with what is written in one word
    "can could may might would will shall should must do does did have has had having got get getting "
    "gotten is are was were be been being am im i'm we're i'd i'll i've we'd we'll we've you're u're he's "
    "she's it's its that's there's what's whats theres id ive weve gonna wanna gotta lemme gimme let lets "
    "let's dont cant kan kunne får få fått fekk skal skulle vil ville vill må måtte har hadde hatt ha er "
    "e var va blir bli vært vore burde bør kann könnte könnten können darf dürfen möchte möchten würde "
    "würden hätte hätten haben habt hab gibt ist sind wäre wären soll sollen muss müssen "
    # Small words of the grammar
    "the of for with and so then just also please if whether as at to too in on by from about into up off "
    "out down over some any which what how when where why than though since because cause cos bc like am "
    "å om på til med av og o så då da som fra frå ved i hos hva ka kva hvem kem når hvor kor hvilke "
    "hvilken hvilket fordi siden sånn slik der her ja jo nok vel jau an zu für mit und auch noch ob wenn "
    "weil dann bei von vom im zum zur auf gern gerne bitte etwas mal n "
    # Asking, wishing and getting
    "possible possibly maybe perhaps chance think thinking wonder wondering hope hoping hoped love want "
    "wants wanted need needs needed needing wish wishing looking look find borrow borrowing rent renting "
    "hire hiring lend lending loan loaning book booking booked reserve reserving reservation use using "
    "take taking grab grabbing order request asking ask pick collect fetch put give giving left "
    "availability stock going lying around able trying try sort fix hook set planning "
    "plan planned after interested knowing know see check checking tell says said go make making mind "
    "appreciate be mulig muleg greit går gått trenger trengs treng trengte trong trengt ønsker ønskjer "
    "ønsket ønske tenkte tenker tenkt lurer lurte lure håper låne låna lånt lån lånar låner leie leige "
    "leid leigd leier booke booket reservere reservert bestille bestilt bruke brukt ta hente henter tinge "
    "finnes fins finst finnast igjen fortsatt enda ennå tror trur vet veit "
    "sjekke høre interessert gjøre gjør ordne fikse skaffe prøve prøver planlegger ser leter etter setter "
    "sette brauche brauchen suche suchen leihen ausleihen mieten bekommen reservieren buchen "
    "wollen nehme nehmen hold holding holder cud could've cld wud pls heading headed head off "
    "earliest soonest whens tidligst tidligste abholen holen kaufen dåkker dokkers te ka korsn korleis "
    "åssen beste best sku squeeze kjæreste hun atm rn hav sum nick shud ynskjer ynskje taken tatt opptatt "
    "opptekne occupied both begge whos whose but men aber only bare just omg totally forgot forget ska "
    "tenke tenkje e skulla henta leia vilja kun da "
    # Courtesy
    "hi hello hey hiya heya hallo hei heisann halla hola yo oi dear greetings please pls plz plss "
    "thanks thank thx ty tnx cheers ta sorry excuse kindly ok okay k yes yeah yep yup well "
    "really very much so again still x xx xxx lol haha hehe btw ps fyi vær "
    "snill takk tusen mange beklager unnskyld gjerne veldig også kanskje bare ja greit "
    "plis vennligst danke schön liebe lieber grüße servus moin there guys guyz everybody bro dude sir "
    "madam "
    # English and Norwegian words that soften, and how something is wanted
    "actually basically literally kinda bit little few quickly soon ideally preferably "
    "probably definitely hopefully suddenly together already nothing else anything something everything "
    "stuff things thing gear equipment litt lite snart fort helst antakelig antagelig sikkert visst "
    "egentlig kjapt kjapp utstyr ting greier forhånd zusammen hallöchen hilsen sammen åssen hvordan "
    "vielleicht einfach dringend work works working ok fine would'nt u ur r 4u gud trip"
)
"""Words that are in no name by themselves, and change nothing in what is wanted."""

PEOPLE_AND_PURPOSES = words_of(
    # People
    "friend friends mate mates brother brothers sister sisters mother father mum mom mam dad daddy son "
    "sons daughter daughters kid kids child children family families wife husband girlfriend boyfriend gf "
    "bf partner cousin cousins uncle aunt nephew niece grandma grandpa grandson granddaughter grandkids "
    "neighbour neighbor neighbours colleague colleagues boss coworkers roommate flatmate flatmates group "
    "team club class school scouts scout students student teacher pupils gang crew guests guest visitors "
    "people folk venn venner venninne kompis kompiser kamerat kameratene bror brødre søster søstre mamma "
    "pappa far mor sønn sønnen datter dattera datteren unge ungen unger ungene barn barna barnebarn "
    "barnebarna kona kone mannen samboer samboeren kjæreste kjæresten fetter kusine onkel tante bestemor "
    "bestefar nabo naboen kollega kollegaer sjefen gjeng gjengen familie familien klasse klassen skolen "
    "skole jobb jobben laget lag speidere speiderne speider elevene elever foreldre gutta jentene guttene "
    "freund freunde freundin venninna ppl pers person persons personer pax leute kinder bruder schwester "
    "mutter vater "
    # Purposes and places
    "trip trips tour hike hiking camping outing party birthday wedding project event festival concert gig "
    "show film shoot shooting course training practice match race competition meeting presentation "
    "workshop exam homework house home cabin cottage hut lake river sea fjord forest woods mountain "
    "mountains beach island garden adventure expedition fishing skiing climbing paddling picnic barbecue "
    "bbq sleepover stag hen do reunion move moving work studio rehearsal performance lesson tur turen "
    "turer teltur telttur skitur fjelltur padletur sykkeltur fisketur topptur fjellet fjell hytta hytte "
    "hyttetur skogen marka sjøen vannet elva fjorden bursdag bursdagen fest festen bryllup bryllupet "
    "prosjekt prosjektet arrangement konsert kurs kurset trening treninga treningen kamp stevne møte "
    "møtet presentasjon jentetur guttetur firmatur klassetur opplæring dugnad dugnaden hjem hjemme heim "
    "heime ausflug urlaub reise geburtstag hochzeit"
)
"""Nouns that are rather said around a thing, unless they belong to a name: `Party light`."""

PURPOSE_FOLLOWS = words_of(
    "for because since cause cos bc as at in to with from on til fordi siden pga grunnet på i ved fra med "
    "für wegen zum zur weil im bei"
)
"""Words after which a purpose, a place or a person may follow that nobody can list."""

CHANGING = words_of(
    # Choices and exceptions
    "or eller oder not no never ikke ikkje nicht kein keine without uten utan ohne except unntatt "
    "bortsett instead heller rather than unless either neither nor more less fewer flere fleire færre "
    "mehr another other andre annen different all alle same samme each every hver kvar per "
    # Times that are no days: nothing may be said of them in passing
    "late later early earlier end beginning start mid middle first second third last before after around "
    "until till between during hour hours hrs minute minutes min time day days night nights week weeks "
    "month months weekday weekdays half slutten starten begynnelsen midten tidlig tidligere sent seint "
    "sen før etter rundt timer timar minutter dag dager dagar natt uke uker uka veke måned måneder hele "
    "halve første andre siste mellom under stunden tag tage woche wochen anfang ende mitte "
    # Of what is out already, and of harm
    "return returning returned back bring bringing brought hand drop keep keeping extend extension longer "
    "due overdue cancel cancelled broken broke damaged lost stolen missing leak leaks leaking hole ripped "
    "torn wet dirty lever levere levert leverer leverte tilbake beholde forlenge lenger avbestille avlyse "
    "kansellere ødelagt mistet borte stjålet hull lekker knust knakk revnet sprukket skitten våt zurück "
    "zurückgeben kaputt verloren behalten länger "
    # Of what it is like
    "long short size sizes størrelse str large small big medium stor store liten små red blue green black "
    "white rød blå grønn svart hvit"
)
"""Words by which something else is wanted: with one of these left, nothing is taken for granted."""

SIGNING_OFF = words_of("regards rgds mvh hilsen hilsn vennlig best sincerely cheers grüße gruß lg vh")
"""Words at the end, after which a name is the writer's."""
