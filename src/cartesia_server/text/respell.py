"""Words that espeak-ng misreads, spelled as it reads them right.

English words are most of them: it reads ``Bluetooth`` in Portuguese letter by letter, ``booking``
in Spanish with two vowels and ``parking`` in French with the sounds of English. People say such
words with the sounds of their own language, near to those of English.
"""

from __future__ import annotations

import re

# ruff: noqa: RUF001 -- apostrophes look alike

_LANGUAGES = ("es", "fr", "it", "pt")

# The English word, then how it is spelled in each language; "=" where it is read right in small
# letters: capitals within divide a word (WhatsApp).
_TABLE = """
airbnb      erbienbí    airbiènebi    erbienbì    erbienbi
amazon      ámazon      =             =           =
android     =           androïde      =           =
apple       ápel        apeule        èppol       =
backup      bákap       baqueupe      =           =
black       =           blaque        =           =
bluetooth   blutuz      bloutousse    blutùt      blutufe
booking     bukin       bouque-ing    buking      buquin
bowling     =           boule-ing     =           =
browser     bráuser     braouzeur     =           bráuzer
brunch      =           breunche      =           =
brushing    =           breuche-ing   =           =
budget      báyet       =             =           =
burger      búrguer     beurgueur     bùrgher     burguer
business    bísnes      biznesse      =           bísnes
call        col         cole          =           cól
camping     =           campe-ing     =           =
cashback    =           cachebaque    =           =
casting     =           caste-ing     =           =
center      sénter      senteur       =           cênter
chatbot     =           tchatbotte    =           =
checkout    chekaut     tchékaoute    ceccàut     tchecaute
cloud       claud       claoude       claud       claude
coach       couch       côtche        kotch       coutche
cookie      kuki        couqui        cuchi       cúqui
cookies     kukis       couqui        cuchis      cúquis
design      disáin      =             =           =
display     displéi     =             =           =
download    dáunloud    daounelôde    =           =
dressing    =           dresse-ing    =           =
ebay        ibéi        ibé           ibèi        ibei
email       ímeil       imèle         imèil       imeio
express     =           expresse      =           =
facebook    féisbuk     fèssbouc      fèisbuk     feicebuque
fedex       fédex       fédexe        fèdex       fédex
feedback    fídbak      fidebaque     =           fidebeque
food        fud         foude         fud         fude
football    fútbol      foutbole      fùtbol      futebol
footing     =           foute-ing     =           =
friday      fráidei     fraïedé       fraidei     fraidei
gmail       yimeil      djimèle       gimèil      gimeio
google      gúguel      gougle        =           =
hamburger   hamburguer  ambourgueur   =           hamburguer
hardware    =           ardouère      =           =
icloud      áiclaud     aillecloude   àiclaud     aicláude
ifood       =           =             =           aifude
ikea        =           ikéa          =           =
ipad        áipad       aillepade     àipad       aipéde
iphone      áifon       aillefone     àifon       aifône
jeans       yins        djine         =           gins
job         yob         =             =           =
jogging     =           djogue-ing    =           =
leader      líder       lideur        =           líder
lifting     =           lifte-ing     =           =
linkedin    =           linne-quedine =           =
login       loguin      loguine       loghìn      =
macbook     macbuk      maquebouc     mèkbuk      mequebuque
mail        méil        mèle          =           =
manager     mánayer     manadjeur     =           mênager
marketing   =           marquéte-ing  =           =
mastercard  =           =             =           =
meeting     mitin       mite-ing      mìting      mítin
messenger   mésenyer    =             =           =
newsletter  niusléter   niouzletteur  niuslèter   niusléter
nike        náik        naillque      =           naique
notebook    nóutbuk     notebouc      nòtbuk      =
offline     oflain      =             =           =
online      onláin      =             =           =
outlet      áutlet      aoutlette     àutlet      autlete
outlook     áutluk      aoutlouc      àutluk      =
parking     =           parque-ing    =           =
password    pásword     passe-oueurde =           =
pay         péi         pé            pèi         pei
paypal      péipal      pépale        pèipal      peipau
pizza       pitsa       pidza         =           =
planning    =           planne-ing    =           =
play        pléi        plé           =           =
playlist    pléilist    pléliste      plèilist    pleiliste
playstation pleistéishon plésteïchone  pleistèscion pleisteixon
pressing    =           presse-ing    =           =
puzzle      púsel       peuzle        =           =
roaming     róumin      rôme-ing      ròming      rôumin
room        rum         roume         rum         =
router      ráuter      routeur       =           =
scooter     escúter     scouteur      =           scúter
shopping    =           choppe-ing    =           =
show        shou        chô           =           =
smartphone  smartfon    =             =           =
spotify     espótifai   spautifaille  =           ispotifai
standing    =           stande-ing    =           =
starbucks   estárbaks   starbeuxe     stàrbaks    istarbécs
start       =           starte        =           =
store       estor       =             stor        estor
streaming   estrimin    strime-ing    strìming    estrímin
stress      =           stresse       =           =
target      tárguet     targuette     tàrghet     tárguet
team        tim         timme         =           time
teams       tims        timmeze       =           times
ticket      tíket       =             =           tíquete
tiktok      =           =             =           =
toast       tost        =             tòst        =
tutorial    =           =             tutòrial    =
twitter     =           touitteur     =           =
uber        úber        ubère         ùber        úber
update      apdéit      eupdète       =           =
upgrade     apgréid     eupgrède      apgrèid     =
upload      áploud      euplôde       =           =
voucher     váucher     vaoutcheur    vàucer      váutcher
web         =           ouèbe         =           =
website     wébsait     ouèbsaillete  wèbsait     uébissaite
weekend     wíkend      ouiquènde     =           uiquende
whatsapp    wátsap      ouatsape      =           =
wifi        =           ouifi         =           uaifai
windows     =           ouinedoze     =           =
wireless    wáirles     ouaillrelesse =           uairelés
youtube     yutub       =             iutiùb      iutube
zoom        sum         =             zum         =
"""
_FRENCH = """
dos:dô danemark:danemarc fils:fisse porc:por porcs:por hélas:élasse déficit:déficite
déficits:déficite atlas:atlasse gratis:gratisse cosmos:cosmosse cassis:cassisse suspens:suspan
nan:nant dilemme:dilème dilemmes:dilème tempérament:tempéramant testament:testamant
blanchiment:blanchimant polyvalent:polyvalant dûment:dumant décident:décide coïncident:coïncide
consomment:consomme nomment:nomme maths:matte math:matte stats:state diesel:diézel diesels:diézel
senior:séniore seniors:séniore junior:juniore juniors:juniore quiz:couiz kebab:kébab veto:véto
barbecue:barbekiou abbaye:abéyie cheville:chevie-ye chevilles:chevie-ye mayonnaise:maïonnaise
sourcil:sourci sourcils:sourci persil:persi cholestérol:colestérol choléra:coléra
échographie:écographie pancréas:pancréasse alzheimer:alzaïmère ehpad:épade insee:insé agen:agin
aisne:aine anvers:anverse arras:arrasse auxerre:aussère bayonne:baïonne bruxelles:brusselle
cayenne:caïenne doubs:dou lafayette:lafaïette lens:lansse mans:ment mayence:maïence mayenne:maïenne
metz:messe reims:rinsse rouen:rouan saint-cloud:saint-clou troyes:troi ahmed:amède carlos:carlosse
diego:diégo elias:éliasse enzo:ènezo jupiter:jupitère kévin:kévine kevin:kévine lefebvre:lefèvre
mathias:mattiasse michaël:mikaël mohamed:moamède mohammed:moamède pedro:pédro thiers:tière
william:ouiliame
"""
_ITALIAN = "auguro:augùro augura:augùra negoziano:negòziano"


def _pairs(words: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in words.split())


def _english(language: str) -> dict[str, str]:
    """English words in a language, and their plurals, whose ``s`` French and Italian do not say."""
    column = _LANGUAGES.index(language) + 1
    rows = [line.split() for line in _TABLE.strip().splitlines()]
    known = {row[0]: row[column].replace("=", row[0]) for row in rows}
    plural = "" if language in ("fr", "it") else "s"
    return {word + "s": spelling + plural for word, spelling in known.items()} | known


_OWN = {"fr": _pairs(_FRENCH), "it": _pairs(_ITALIAN)}
_SPELLINGS = {language: _english(language) | _OWN.get(language, {}) for language in _LANGUAGES}
_PIECES = re.compile(r"([-'’])")
_EMAIL = re.compile(r"\be-mail\b", re.IGNORECASE)


def respelled(word: str, language: str) -> str:
    """A word as espeak-ng reads it right; unchanged if nothing is known of it.

    Args:
        word: one, perhaps with an article or other words that an apostrophe or hyphens join to it.
        language: primary subtag of the language that it is read in.
    """
    known = _SPELLINGS.get(language)
    if known is None:
        return word
    if word.lower() in known:
        return known[word.lower()]
    pieces = _PIECES.split(_EMAIL.sub("email", word))
    pieces[::2] = [known.get(piece.lower(), piece) for piece in pieces[::2]]
    return "".join(pieces)
