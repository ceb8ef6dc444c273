"""Splitting what citizens wrote into words, and words into stems, for Spanish, Catalan and English.

A form is a word as written, in lower case; a stem is what its inflections share, without accents.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

Ints = NDArray[np.int32]

STEMMERS = {"es": "spanish", "ca": "catalan", "en": "english"}
LANGUAGES = tuple(STEMMERS)
NO_STEM = -1
# Leftovers that tell nothing of the theme, or give it away: addresses, tags, masked data.
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[#@]\w+|\[[a-z]{3,12}\]|&[a-z]{2,8};", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:·[^\W_]+)*")
_ENOUGH_TO_TELL = 20

# Without accents and already split: l'aigua is "l" and "aigua", and single letters never count.
_STOP_ES = """
a al algo alguien algun alguna algunas alguno algunos alla alli ambos ante antes aparte apenas aqui
aquel aquella aquellas aquello aquellos asi aun aunque bajo bastante bien buen buena buenas bueno
buenos cada casi cierta ciertas cierto ciertos claro como con conmigo contigo contra cosa cosas
creo cual cuales cualquier cualquiera cuando cuanta cuantas cuanto cuantos cuya cuyas cuyo cuyos da
dado dan dar de debe debemos deben deberia deberian debido decir deja dejar del demas demasiado
dentro desde despues dice dicen dicho donde durante el ella ellas ello ellos embargo en encima
entonces entre era eran eras eres es esa esas ese eso esos esta estaba estaban estado estamos estan
estar estara estare estaria estas este esten esto estos estoy etc etcetera forma fue fuera fueran
fueron fuese gracias gran grande grandes ha haber habia habian habra habria hace hacen hacer haceis
hacemos hacia haciendo haga hagan hago han has hasta hay haya hayan he hecho hemos hola hoy hubiera
hubo igual incluso ir jamas junto la las le les lo los luego manera mas me mediante mejor menos
mi mia mientras mio mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni
ningun ninguna ninguno no nos nosotras nosotros nuestra nuestras nuestro nuestros nunca o os otra
otras otro otros para parece parte pero poca pocas poco pocos podemos poder podria podrian podriamos
pone poner por porque posible primer primera primero propia propias propio propios pude pueda puedan
puede pueden puedo pues que quien quienes quiera quiere quieren quiero quizas realmente respecto sa
se sea sean segun ser sera seran seria serian si sido siempre siendo sigue siguen sin sino sobre
sola solamente solas solo solos somos son soy su sus suya suyas suyo suyos tal tales tambien
tampoco tan tanta tantas tanto tantos te tendria tenemos tener tengan tengo tenia ti tiene tienen
toda todas todavia todo todos tras traves tu tus tuya tuyo un una unas uno unos usted ustedes va
vamos van varias varios vaya veces ver vez vosotros voy vuestra vuestro y ya yo
"""
_STOP_CA = """
a abans aixi aixo al algu algun alguna algunes alguns alhora alla alli als altra altre altres amb
anar aquell aquella aquelles aquells aquest aquesta aquestes aquests aqui ara be bo bon bona bones
bons cada cal caldria cap casi cert certa certes certs com coses cosa crec dalt damunt darrer de
deixar del dels des despres dins dir diu diversos doncs donar durant eix el ella elles ells els em
en encara ens entre era eren eres es esser esta estan estar estat estem estic estigui et etc fa faci
facin fan far fare fem fent fer fet feta fetes fets fins fora fos fou gaire gairebe gran grans
gracies ha hagi hagin han haver havia haura hauria haurien hauriem havien he hem heu hi ho i igual
ja jo l la les li llavors llur llurs lo mai malgrat manera mateix mateixa mateixes mateixos massa me
mentre menys meu meus meva meves mes millor mitjan mitjancant molt molta moltes molts na ne ni ningu
no nomes nos nosaltres nostra nostre nostres o on pas per perque pero poc poca podem poder podria
podrien poques posar pot potser pocs propi propia propis puc pugui puguin qual quals qualsevol quan
quant quants que qui quin quina quines quins rere res sa saber se segons sempre sense ser sera seran
seria serien ses seu seus seva seves si siguin sigui sobre sol sola sols som son sota sou sovint ta
tal tals tambe tampoc tan tant tanta tantes tants te tenen tenim tenir teu teus teva tindria tingui
tinguin tot tota totes tothom tots tu un una unes uns us va vaig vam van vegada vegades venir veure
vol volem vora vos vosaltres vostra vostre
"""
_STOP_EN = """
a about above after again against all also am an and any are as at be because been before being
below between both but by can cannot could did do does doing done down during each either else even
ever every few for from further get gets got had has have having he her here hers herself him
himself his how i if in instead into is it its itself just let like made make many may me might
more most much must my myself need needs neither no nor not now of off on once one only or other
others our ours ourselves out over own please put same shall she should since so some such than that
the their theirs them themselves then there these they thing things think this those though through
to too under until up upon us use used using very want was way we well were what when where whether
which while who whom whose why will with within without would yes yet you your yours
"""
# Words that turn a sentence round: two texts that differ in these do not say the same.
_TURNING = """
no ni nunca jamas tampoco sin contra favor nada nadie acuerdo desacuerdo mas menos mai cap res pas
sense acord mes menys not never without against agree disagree more less
"""
_STOP_LISTS = {
    language: frozenset(words.split())
    for language, words in (("es", _STOP_ES), ("ca", _STOP_CA), ("en", _STOP_EN))
}
STOP_WORDS: frozenset[str] = frozenset().union(*_STOP_LISTS.values())
TURNING_WORDS = frozenset(_TURNING.split())


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of a corpus, each text as numbers into `forms`, each form with its stem.

    `folded` holds each form without accents, for comparing what differs in nothing else;
    `tongues` tells the language of each text as a place in LANGUAGES.
    """

    forms: tuple[str, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    stem_of: Ints
    texts: tuple[Ints, ...]
    tongues: Ints
    language: str

    def stems_of(self, text: int) -> Ints:
        """List the stems of one text in order; stop words and numbers have none."""
        found: Ints = self.stem_of[self.texts[text]]
        return np.extract(found != NO_STEM, found)

    def only(self, rows: Sequence[int]) -> "WordTable":
        """Keep some of the texts, with the same numbers for their words."""
        kept = np.array(rows, dtype=np.int64)
        return replace(
            self, texts=tuple(self.texts[row] for row in rows), tongues=self.tongues[kept]
        )


def without_noise(text: str) -> str:
    """Take off addresses, hashtags, mentions and masked data: they are no words of the theme."""
    return _NOISE.sub(" ", text)


def split_words(text: str) -> list[str]:
    """Split a text into its words in lower case, accents kept."""
    return _WORD.findall(unicodedata.normalize("NFC", without_noise(text)).lower())


def fold(word: str) -> str:
    """Take the accents off: "vía" and "via" are one word to a reader in a hurry."""
    apart = unicodedata.normalize("NFKD", word)
    return "".join(c for c in apart if not unicodedata.combining(c) and c != "·")


def read_words(texts: Sequence[str], language: str = "es") -> WordTable:
    """Number the words of all texts and find their stems.

    The language is what the entity speaks; when the texts' own small words say otherwise
    (Catalan contributions in a Spanish installation), theirs is taken.
    """
    numbers: dict[str, int] = {}
    rows = tuple(_numbered(text, numbers) for text in texts)
    forms = tuple(numbers)
    folded = tuple(fold(form) for form in forms)
    votes = _votes(folded, rows)
    spoken = _language_of(votes, language)
    stems, stem_of = _stems(folded, spoken)
    return WordTable(forms, folded, stems, stem_of, rows, _tongues(votes, spoken), spoken)


def _numbered(text: str, numbers: dict[str, int]) -> Ints:
    words = split_words(text)
    ids = (numbers.setdefault(word, len(numbers)) for word in words)
    return np.fromiter(ids, dtype=np.int32, count=len(words))


def _votes(folded: Sequence[str], rows: Sequence[Ints]) -> Ints:
    """Count for each text the small words that only one of the languages has."""
    heard = Counter(word for words in _STOP_LISTS.values() for word in words)
    own = np.array(
        [[w in _STOP_LISTS[name] and heard[w] == 1 for w in folded] for name in LANGUAGES],
        dtype=np.int32,
    )
    return np.array([own[:, row].sum(axis=1) for row in rows], dtype=np.int32).reshape(
        len(rows), len(LANGUAGES)
    )


def _language_of(votes: Ints, language: str) -> str:
    said = dict(zip(LANGUAGES, votes.sum(axis=0).tolist(), strict=True))
    if language not in said:
        language = "es"
    best = max(LANGUAGES, key=lambda name: said[name])
    return best if said[best] > max(_ENOUGH_TO_TELL, 2 * said[language]) else language


def _tongues(votes: Ints, spoken: str) -> Ints:
    main = LANGUAGES.index(spoken)
    best = votes.argmax(axis=1)
    clear = votes.max(axis=1) > votes[:, main]
    return np.where(clear, best, main).astype(np.int32)


def _stems(folded: Sequence[str], language: str) -> tuple[tuple[str, ...], Ints]:
    # A stemmer of its own each time: the C object may not be shared between threads.
    stemmed = Stemmer(STEMMERS[language]).stemWords(list(folded))
    numbers: dict[str, int] = {}
    stem_of = np.full(len(folded), NO_STEM, dtype=np.int32)
    for position, (word, stem) in enumerate(zip(folded, stemmed, strict=True)):
        if len(word) > 1 and word not in STOP_WORDS and not word.isdigit():
            stem_of[position] = numbers.setdefault(stem, len(numbers))
    return tuple(numbers), stem_of
