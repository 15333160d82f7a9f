"""Passwords that are guessed first: the obvious words, however they are decorated.

A list would hold only what somebody wrote down. People make such passwords by a recipe (a
word, letters turned into digits, a year, an exclamation mark), so the recipe is undone and
what is left is compared.
"""

import re
from typing import Final

_WORDS: Final = frozenset(
    """
    password passwort contrasena clave secreto secret acceso access entrar login usuario user
    admin administrador administrator root superuser master maestro invitado guest demo test
    testing prueba pruebas ejemplo example cambiame changeme letmein dejameentrar welcome
    bienvenido bienvenida default temporal temp nuevo nueva newpassword mypassword miclave
    micontrasena notengo nosenose olvidada ninguna
    uptc messenger uptcmessenger mensajeria mensajero mensaje mensajes message messages chat
    charla universidad university pedagogica tecnologica estudiante estudiantes student alumno
    alumna profesor profesora teacher docente decano rector rectoria facultad ingenieria
    sistemas distribuidos software programacion informatica computador computadora computer
    internet tunja duitama sogamoso chiquinquira boyaca bogota medellin cali colombia
    colombiano colombiana cundinamarca
    amor teamo tequiero teamomucho miamor amorcito iloveyou loveyou lovely princesa princess
    principe corazon bonita hermosa hermoso angel angelito estrella sol luna cielo dios jesus
    jesucristo cristo virgen maria mariposa flor flores gatito gatita perrito perro gato
    familia mama papa hijo hija hermano hermana bebe amiga amigo amigos novia novio
    futbol football soccer millonarios nacional santafe santander barcelona realmadrid messi
    ronaldo falcao james baseball basketball ciclismo nairo
    dragon monkey tiger leon tigre lobo aguila shadow sunshine superman batman pokemon naruto
    goku starwars matrix freedom libertad whatever nothing nada todo hello hola holamundo
    helloworld buenosdias computer samsung google facebook instagram whatsapp telegram discord
    android windows linux ubuntu debian python javascript java microsoft apple iphone
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    january february march april june july august september october november december
    lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday
    friday saturday sunday verano invierno primavera otono summer winter spring autumn
    carlos andres juan david jose luis miguel daniel alejandro sebastian santiago felipe
    camila valentina mariana daniela laura paula andrea diana sofia isabella natalia carolina
    michael jordan jennifer jessica ashley thomas robert william charlie
    """.split()  # noqa: SIM905 - words are read as a paragraph
)
_ROWS: Final = ("qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb")
_ORDERS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl")
_LEET: Final = str.maketrans("01345789@$!|ñáéíóúü", "oleastbgasiinaeiouu")
_EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_DATE: Final = re.compile(r"(?:19|20)\d{6}|\d{4}(?:19|20)\d{2}")
_FEW: Final = 3
_OWN: Final = 3


def is_common(password: str, username: str = "") -> bool:
    """Whether a guesser would try this early; `username` is guessed early for its owner."""
    text = password.casefold()
    return _is_monotonous(text) or _is_walk(text) or _is_word(text, username.casefold())


def _is_monotonous(text: str) -> bool:
    """One to three different characters, or one short piece over and over."""
    if len(set(text)) <= _FEW or _DATE.fullmatch(text):
        return True
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


def _is_walk(text: str) -> bool:
    """A run of the alphabet, of the digits or of the keyboard, in either direction."""
    plain = "".join(c for c in text if c.isalnum())
    runs = (*_ORDERS, *_ROWS)
    return any(plain in run or plain in run[::-1] for run in runs) or (
        len(plain) < len(text) and plain.isdigit()
    )


def _is_word(text: str, username: str) -> bool:
    """A word of the list or the username, decorated at its ends or with digits for letters."""
    words = _WORDS | ({username} if len(username) >= _OWN else set[str]())
    forms = {text, _EDGES.sub("", text)}
    forms |= {form.translate(_LEET) for form in forms} | {_EDGES.sub("", text.translate(_LEET))}
    forms |= {"".join(c for c in form if c.isalnum()) for form in forms}
    return any(form in words or _is_pair(form, words) for form in forms)


def _is_pair(text: str, words: frozenset[str] | set[str]) -> bool:
    """Two words of the list side by side, or one of them twice."""
    return any(text[:i] in words and text[i:] in words for i in range(3, len(text) - 2))
