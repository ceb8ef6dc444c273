"""LimeSurvey structure files for the tests, written as its versions 3 and 6 write theirs."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Row = Mapping[str, object]


def lss(
    tables: Mapping[str, Sequence[Row]], languages: Sequence[str] = ("es", "en"), head: str = ""
) -> bytes:
    """Write tables as a file; `head` goes before the document."""
    spoken = "".join(f"<language>{each}</language>" for each in languages)
    whole = "".join(
        f"<{name}><fields></fields><rows>{''.join(map(_row, rows))}</rows></{name}>"
        for name, rows in tables.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<document>'
        "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>623</DBVersion>"
        f"<languages>{spoken}</languages>{whole}</document>"
    ).encode()


def _row(row: Row) -> str:
    fields = (
        f"<{k}><![CDATA[{v}]]></{k}>" if "<" in str(v) else f"<{k}>{escape(str(v))}</{k}>"
        for k, v in row.items()
    )
    return f"<row>{''.join(fields)}</row>"


def question(qid: int, letter: str, title: str, order: int, gid: int = 1, **more: object) -> Row:
    """Give a question's row."""
    return {
        "qid": qid, "parent_qid": 0, "sid": 7, "gid": gid, "type": letter, "title": title,
        "mandatory": "N", "other": "N", "question_order": order, "relevance": "1", **more,
    }  # fmt: skip


def part(qid: int, parent: int, title: str, order: int) -> Row:
    """Give a subquestion's row."""
    return {
        "qid": qid, "parent_qid": parent, "gid": 1, "type": "T", "title": title,
        "question_order": order, "scale_id": 0,
    }  # fmt: skip


def said(own: str, key: int, field: str, spanish: str, english: str = "") -> list[Row]:
    """Give the rows of a text in two languages."""
    words = (("es", spanish), ("en", english or spanish))
    return [{own: key, field: text, "language": tag} for tag, text in words]


def modern() -> bytes:
    """Give a survey of every kind, as since version 4 with the words in tables of their own."""
    kinds = {
        10: ("L", "zona", "¿Dónde <b>vive</b>?"), 11: ("Y", "bus", "¿Usa el bus?"),
        12: ("M", "fallo", "¿Qué falló?"), 13: ("N", "edad", "¿Qué edad tiene?"),
        14: ("F", "como", "¿Cómo está…?"), 15: ("R", "orden", "¿Qué primero?"),
        16: ("D", "dia", "¿Desde cuándo?"), 17: ("S", "corta", "¿En una palabra?"),
        18: ("T", "larga", "¿Por qué?"), 19: ("X", "aviso", "Ya casi."),
        20: ("5", "nota", "¿Nota?"),
        21: ("K", "gasto", "¿Cuánto gasta en…?"), 22: (":", "numeros", "Tabla"),
        23: ("*", "suma", "{edad+1}"), 24: ("G", "sexo", "¿Sexo?"),
    }  # fmt: skip
    relevance = {
        12: '((bus.NAOK == "Y"))',
        13: 'zona.NAOK != "A2" and bus == "N"',
        16: 'fallo_SQ1.NAOK == "Y" || fallo_SQ2.NAOK == "Y"',
        17: "edad.NAOK > 17",
        18: "!is_empty(corta.NAOK)",
        20: "sum(edad, 3) > 4",
        24: '((7X1X10.NAOK == "A1"))',
    }
    mains = [
        question(qid, letter, title, qid, 1 if qid < 18 else 2, relevance=relevance.get(qid, "1"),
                 mandatory="Y" if qid < 12 else "N", other="Y" if qid in {10, 12} else "N")
        for qid, (letter, title, _text) in kinds.items()
    ]  # fmt: skip
    parts = [
        part(30, 12, "SQ1", 1), part(31, 12, "SQ2", 2), part(32, 12, "SQ3", 3),
        part(33, 14, "via", 1), part(34, 14, "luz", 2), part(35, 21, "agua", 1),
        part(36, 21, "gas", 2), part(37, 22, "x", 1),
    ]  # fmt: skip
    names = {
        30: "Agua", 31: "Luz", 32: "Nada", 33: "La vía", 34: "La luz", 35: "Agua", 36: "Gas",
        37: "X",
    }  # fmt: skip
    texts = {qid: text for qid, (_letter, _title, text) in kinds.items()} | names
    answers = [(1, 10, "A1", "Barrio"), (2, 10, "A2", "Vereda"), (3, 14, "1", "Mal"),
               (4, 14, "2", "Bien"), (5, 15, "a", "Ruta"), (6, 15, "b", "Precio")]  # fmt: skip
    return lss(
        {
            "groups": [
                {"gid": 2, "group_order": 2, "grelevance": ""},
                {"gid": 1, "group_order": 1, "grelevance": "1"},
            ],
            "group_l10ns": [
                *said("gid", 1, "group_name", "Primero", "First"),
                *said("gid", 2, "group_name", "Luego", "Then"),
            ],
            "questions": mains[::-1],
            "subquestions": parts,
            "question_l10ns": [
                row for qid, text in texts.items()
                for row in said("qid", qid, "question", text, f"{text} (en)")
            ],
            "answers": [
                {"aid": aid, "qid": qid, "code": code, "sortorder": aid, "scale_id": 0}
                for aid, qid, code, _text in answers
            ],
            "answer_l10ns": [
                row for aid, _qid, _code, text in answers
                for row in said("aid", aid, "answer", text, f"{text} (en)")
            ],
            "question_attributes": [
                {"qid": 12, "attribute": "exclude_all_others", "value": "SQ3"},
                {"qid": 12, "attribute": "max_answers", "value": "2"},
                {"qid": 13, "attribute": "max_num_value_n", "value": "120"},
                {"qid": 13, "attribute": "min_num_value_n", "value": "{edad}"},
                {"qid": 13, "attribute": "suffix", "value": "años"},
                {"qid": 15, "attribute": "random_order", "value": "1"},
            ],
            "surveys_languagesettings": [
                {"surveyls_language": "es", "surveyls_title": "Movilidad <i>2026</i>",
                 "surveyls_description": "<p>Para saber.</p>", "surveyls_welcometext": "Hola"},
            ],
        }
    )  # fmt: skip


def old() -> bytes:
    """Give a small survey as before: a row of each text in each language, a table of conditions."""
    rows = []
    for tag, does, cause in (("es-CO", "¿Usa el bus?", "¿Por qué?"), ("fr", "Bus ?", "Pourquoi ?")):
        for qid, letter, title, text in ((1, "Y", "bus", does), (2, "T", "causa", cause)):
            row = {**question(qid, letter, title, qid), "question": text, "language": tag}
            rows.append({name: value for name, value in row.items() if name != "relevance"})
    group = {"gid": 1, "group_name": "Uno", "group_order": 0, "language": "es-CO"}
    condition = {"qid": 2, "cqid": 1, "cfieldname": "7X1X1", "method": "==", "value": "N",
                 "scenario": 1}  # fmt: skip
    return lss({"groups": [group], "questions": rows, "conditions": [condition]}, ("es-CO", "fr"))
