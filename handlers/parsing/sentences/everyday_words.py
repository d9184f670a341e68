"""Everyday words that are hardly ever names of things: `grateful`, `bother`, `arrive`, `glad`."""

_ENGLISH = (
    "alright hands awesome cool lovely quick simple spare free available good great nice perfect "
    # Verbs, in their plain form
    "ask arrange arrive assume attend believe bother buy call celebrate change chat confirm contact cost "
    "cross decide depend discuss eat end enjoy expect explain feel figure fill finish follow forget "
    "gather go guess happen head hear help host inform invite join jump laugh learn leave let like live "
    "load love manage mean meet mention message mind miss move notice offer organise organize own park "
    "pay perform plan play prepare prefer promise reach read realise realize regard remember remind reply "
    "require rush save see seem sell set share shop sit sleep smile sound speak spend stand stay stop "
    "study suppose swim talk teach tell text think travel trust visit wait wonder worry write yell hike "
    # Their irregular forms, and those of small verbs
    "went gone going saw seen told said thought found left met spoke knew known made meant heard held "
    "brought bought felt paid spent stood understood wrote written driven drove drive flew ran "
    # Adjectives and adverbs of courtesy, mood and manner
    "able afraid amazing annoying aware awesome bad best better brilliant busy careful certain clear "
    "close crazy cute desperate easy eager excited fab fair fantastic fine free friendly full fun funny "
    "glad good grand grateful great guilty handy happy hard here helpful honest huge important keen kind "
    "last-minute lovely lucky mad massive new nice obliged odd ok perfect pleased possible proud quiet "
    "ready responsible right safe serious sick silly special super sure sweet terrible thankful tired "
    "tough urgent useful usual weird welcome willing wonderful wondrous wrong young old away abroad alone "
    "along aside apart anyhow anyway anyways else even ever far forward hence home however indeed inside "
    "instantly nearby nearly now outdoors outside perhaps quite seldom somehow sometimes somewhere "
    "straight therefore though through too totally upcoming very while yet almost besides enough "
    "everywhere exactly fairly generally "
    # Nouns of everyday life
    "advice age answer apology bit booking bother business call care chance chat city cousin crowd deal "
    "desk detail doubt email fact favor favour feedback fellow fun god goodness heads hello help hope "
    "idea info information interest issue kindness lot luck member membership message moment name news "
    "notice opportunity option owner part person place pleasure plenty question reason reply request "
    "respect shame side situation somebody sort suggestion surprise thanks thought town trouble use user "
    "village way whatever wish word world weather sun rain snow nature country park choir church "
    "committee department society crew newcomer beginner starter members volunteer volunteers lads ladies "
    "girls boys girl boy men women man woman lad adults adult teens teenagers toddler baby babies couple "
    "nan gran granny grandad grandma auntie sis hubby missus fiance fiancee stepson godson twins in-laws "
    "parents parent landlord manager leader organiser organizer teacher instructor coach captain doctor "
    # As it is typed in haste
    "omg tbh imo idk rly sry soz srsly pleeease plzz ya yea yh yup nah ppl ur urself cos bc cuz wbu hru "
    "gd gr8 l8r thru tho dat dis da wanna gonna gotta kinda sorta innit cuppa bday wknds appt wot wat wen "
    "dunno ain't aint y'all yall ye mm hm hmm uh um er ah oh ooh wow yay oops okie okey okk okayy heyy "
    "hii hiii"
)

_NORWEGIAN = (
    "ledig ledige tilgjengelig tilgjengelige supert jenta "
    # Verbs with their forms
    "arrangere arrangerer bade bader be ber bede bestemme bestemt bety betyr bidra bo bor bry bryr bytte "
    "dra drar dratt drev driver dykke fant feire feirer ferdes finne finner flytte flytter forstå forstår "
    "fortelle føle føler gjelde gjelder gjerast glede gleder glemme glemte glemt gå går gikk hadde hjelpe "
    "hjelper holde holder hørt hører håpe håper huske husker innse invitere kjenne kjører kjøre lage "
    "lager lagar legge leker ligge ligger lover lære lærer løpe melde mener meiner mene merke møte møter "
    "overnatte overnatter overraske passe passer passar prøve rekke reise reiser ringe ringer se ser sett "
    "si sier seier sitte sitter skrive skriver skulle sove sover spør spørre spurte stå står starte "
    "studere synes syns søke takke takker tilby tru tur vise viser vente venter venta visste være øve "
    "øver ønske ønsker åpne gled trena trener trene vandre gått reist dradd "
    # Adjectives, adverbs and small words
    "aktuell alene alltid annet bedre best blid borti bortreist bra dessverre dum egen ekstremt eneste "
    "enkel enkelt evt eventuelt fantastisk fersk fin fine fint flink flott forresten fremdeles fri frisk "
    "full fullt ganske gammel generelt glad god gode godt grei greie hyggelig høyst kjekk kjekt klar "
    "klart kjempebra kjempefint koselig kul lett litegrann liksom lurt lykkelig mest moro morsomt nettopp "
    "ny nye nytt nødvendig nærmere også omtrentlig opptatt perfekt plutselig raskt riktig sannsynligvis "
    "selv selvsagt selvfølgelig sikker skikkelig snill snille sprø stolt straks stress sulten super sur "
    "svær syk takknemlig takknemleg trist trygg trygt uansett ung unge urolig vanlig vanskelig vennlig "
    "vennligst vondt væra ute inne hjemme heime ned opp oppe bort frem fram forbi sammen gjennom via ifm "
    "ift iht obs ps mht nb eksempelvis feks elles ellers derfor dermed dessuten altså visstnok muligens "
    "helt sykt dritkult "
    # Nouns of everyday life
    "anledning anledningen avdeling avtale beskjed besøk bruk by byen dame damer damene dugnad elev eier "
    "forespørsel forening foreningen forsamling grupper gruppe gruppa gruppen gutt gutter gutta hensyn "
    "hilsen hjelp hjelpen hyttetur hytteturen idrettslag informasjon jente jenter jentene karer kor koret "
    "korps korpset kvinner lagleder leder leir leiren leirskole mann menn medlem medlemmer mennesker mor "
    "måte måten naturen nabolaget navn oppdrag orden overnatting overraskelse perioden periode periodar "
    "plan planen planer plass sak samling sjanse skyld slekt slekta spørsmål stedet sted student "
    "studenter sommerleir svar svigermor svigerfar svoger svigers tanke tanken tante tema tilbud tilfelle "
    "trinn turgruppe ungdommer ungdom ungdomsgruppa ungdomsklubben utflukt venninner venninnene voksne "
    "voksen været vær vei veien øvelse tips tvillingene styret styre barnehage barnehagen sfo aktivitet "
    "aktivitetsdag vikar kunde folkens dokk dokker dåkker okke oss sjøl nyss"
)

_GERMAN = (
    "frei freie freies verfügbar "
    "fragen frage wollte wollten hätt würd kannst könnt habe hatte hatten machen mache macht gehen gehe "
    "geht fahren fahre fahrt treffen feiern danach dafür damit daher doch eben eigentlich eventuell ganz "
    "genau gut gute guter gutes hier immer irgendwie jetzt ja klar leider lieb lieben los nett neu neue "
    "nochmal nur nun sehr schon sicher sonst super toll überhaupt unbedingt viel vielen weil wieder "
    "wirklich wohl zusammen allein ausflug bescheid gruppe jemand leute lust möglich möglichkeit name "
    "platz tour verein wanderung schule klasse lehrer eltern oma opa tochter sohn frau mann kollege "
    "kollegen freundin freunden"
)

EVERYDAY = frozenset(word for words in (_ENGLISH, _NORWEGIAN, _GERMAN) for word in words.split())

_ENDINGS = ("ing", "ed", "es", "s", "er", "d", "ly")
_SHORTEST = 3


def is_everyday(word: str) -> bool:
    """Return whether this is such a word, or an English form of one: `planned`, `hoping`, `kindly`."""
    if word in EVERYDAY:
        return True
    stems = {word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)}
    stems |= {f"{stem}e" for stem in stems} | {stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]}
    return any(stem in EVERYDAY for stem in stems if len(stem) >= _SHORTEST)
