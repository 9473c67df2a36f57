"""English words that espeak-ng misreads, in phonemes.

Found by comparing it with a lexicon (misaki's) over the twenty thousand words that people use most.
The numbers in ``-teen`` are among them: stressed in front, as it reads them, ``fifteen`` is taken
for ``fifty``.
"""

from __future__ import annotations

# ruff: noqa: RUF001 -- phonetic letters look like others

# The word, its phonemes in American English, and in British English; "=" where it is read right.
_TABLE = """
acquisition      ˌækwᵻzˈɪʃən         ˌakwɪzˈɪʃən
acquisitions     ˌækwᵻzˈɪʃənz        ˌakwɪzˈɪʃənz
adversary        ˈædvɚsˌɛɹi          =
algae            ˈæld͡ʒi             ˈald͡ʒiː
alumni           ɐlˈʌmna͡ɪ           ɐlˈʌmna͡ɪ
archipelago      ˌɑː͡ɹkᵻpˈɛləɡˌo͡ʊ   ˌɑːkɪpˈɛləɡˌə͡ʊ
attribution      ˌætɹᵻbjˈuːʃən       ˌatɹɪbjˈuːʃən
bbq              bˈɑː͡ɹbᵻkjˌuː       bˈɑːbɪkjˌuː
categories       kˈæɾᵻɡˌɔː͡ɹiz       =
category         kˈæɾᵻɡˌɔː͡ɹi        =
ceremonies       sˈɛɹᵻmˌo͡ʊniz       =
ceremony         sˈɛɹᵻmˌo͡ʊni        =
charisma         kɚɹˈɪzmə            kəɹˈɪzmə
charismatic      kˌæɹɪzmˈæɾɪk        kˌaɹɪzmˈatɪk
cheesy           t͡ʃˈiːzi            t͡ʃˈiːzɪ
colonialism      kəlˈo͡ʊniəlˌɪzəm    kəlˈə͡ʊniəlˌɪzəm
counterfeit      kˈa͡ʊntɚfˌɪt        kˈa͡ʊntəfˌɪt
coup             kˈuː                kˈuː
coups            kˈuːz               kˈuːz
covid            kˈo͡ʊvɪd            kˈə͡ʊvɪd
cupboard         kˈʌbɚd              =
cupboards        kˈʌbɚdz             =
defamation       dˌɛfəmˈe͡ɪʃən       dˌɛfəmˈe͡ɪʃən
degradation      dˌɛɡɹədˈe͡ɪʃən      dˌɛɡɹədˈe͡ɪʃən
dissolve         dᵻzˈɑːlv            dɪzˈɒlv
eighteen         e͡ɪtˈiːn            e͡ɪtˈiːn
eighteenth       e͡ɪtˈiːnθ           e͡ɪtˈiːnθ
faced            fˈe͡ɪst             fˈe͡ɪst
fifteen          fɪftˈiːn            fɪftˈiːn
fifteenth        fɪftˈiːnθ           fɪftˈiːnθ
fourteen         fɔː͡ɹtˈiːn          fɔːtˈiːn
fourteenth       fɔː͡ɹtˈiːnθ         fɔːtˈiːnθ
hangover         hˈæŋˌo͡ʊvɚ          hˈaŋˌə͡ʊvə
husband          hˈʌzbənd            hˈʌzbənd
husbands         hˈʌzbəndz           hˈʌzbəndz
inquisition      ˌɪŋkwᵻzˈɪʃən        ˌɪŋkwɪzˈɪʃən
interfere        ˌɪntɚfˈɪ͡ɹ          =
interfered       ˌɪntɚfˈɪ͡ɹd         =
interference     ˌɪntɚfˈɪ͡ɹəns       =
interferes       ˌɪntɚfˈɪ͡ɹz         =
interfering      ˌɪntɚfˈɪ͡ɹɪŋ        =
internship       ˈɪntɜːnʃˌɪp         ˈɪntɜːnʃˌɪp
internships      ˈɪntɜːnʃˌɪps        ˈɪntɜːnʃˌɪps
interrupt        ˌɪntɚɹˈʌpt          ˌɪntəɹˈʌpt
interrupts       ˌɪntɚɹˈʌpts         ˌɪntəɹˈʌpts
involuntary      ɪnvˈɑːləntˌɛɹi      =
legendary        lˈɛd͡ʒəndˌɛɹi       =
liaison          liˈe͡ɪzɑːn          =
lousy            lˈa͡ʊzi             lˈa͡ʊzɪ
monastery        mˈɑːnəstˌɛɹi        =
multiple         mˈʌltɪpə͡l          mˈʌltɪpə͡l
multiples        mˈʌltɪpə͡lz         mˈʌltɪpə͡lz
multiply         mˈʌltɪplˌa͡ɪ        mˈʌltɪplˌa͡ɪ
necessary        nˈɛsᵻsˌɛɹi          =
nineteen         na͡ɪntˈiːn          na͡ɪntˈiːn
nineteenth       na͡ɪntˈiːnθ         na͡ɪntˈiːnθ
preferable       pɹˈɛfɹəbə͡l         pɹˈɛfɹəbə͡l
raspberry        ɹˈæzbˌɛɹi           ɹˈɑːzbəɹi
reformation      ɹˌɛfɚmˈe͡ɪʃən       ɹˌɛfəmˈe͡ɪʃən
reside           ɹᵻzˈa͡ɪd            ɹɪzˈa͡ɪd
residual         ɹᵻzˈɪd͡ʒuːəl        ɹɪzˈɪd͡ʒuːəl
resilience       ɹᵻzˈɪliəns          ɹɪzˈɪliəns
resilient        ɹᵻzˈɪliənt          ɹɪzˈɪliənt
resistance       ɹᵻzˈɪstəns          ɹɪzˈɪstəns
resistant        ɹᵻzˈɪstənt          ɹɪzˈɪstənt
resurrection     ɹˌɛzɚɹˈɛkʃən        ɹˌɛzəɹˈɛkʃən
scissors         sˈɪzɚz              sˈɪzəz
secondary        sˈɛkəndˌɛɹi         =
secretaries      sˈɛkɹətˌɛɹiz        =
secretary        sˈɛkɹətˌɛɹi         =
seventeen        sˌɛvəntˈiːn         sˌɛvəntˈiːn
seventeenth      sˌɛvəntˈiːnθ        sˌɛvəntˈiːnθ
sixteen          sɪkstˈiːn           sɪkstˈiːn
sixteenth        sɪkstˈiːnθ          sɪkstˈiːnθ
supervisory      sˌuːpɚvˈa͡ɪzɚɹi     sˌuːpəvˈa͡ɪzəɹi
testimony        tˈɛstᵻmˌo͡ʊni       =
thirteen         θɜːtˈiːn            θɜːtˈiːn
thirteenth       θɜːtˈiːnθ           θɜːtˈiːnθ
trousers         tɹˈa͡ʊzɚz           tɹˈa͡ʊzəz
unnecessary      ʌnnˈɛsᵻsˌɛɹi        =
voluntary        vˈɑːləntˌɛɹi        =
"""

_US = 1
_GB = 2
_SAME = "="
_ROWS = [line.split() for line in _TABLE.strip().splitlines()]
_SOUNDS = {
    column: {row[0]: row[column] for row in _ROWS if row[column] != _SAME} for column in (_US, _GB)
}


def corrected(word: str, language: str) -> str | None:
    """The phonemes of a word that espeak-ng misreads, or None.

    Args:
        word: in any case.
        language: ``en-US`` or ``en-GB``.
    """
    return _SOUNDS[_GB if language == "en-GB" else _US].get(word.lower())
