"""What changed between two wordings of a contribution, as HTML readable without colour."""

from markupsafe import Markup

from participa.kit.diffs import word_diff as pieces_of

# Above this many characters the comparison would take seconds: the whole texts are shown.
MAX_LENGTH = 20_000
_SHOWN = {"out": Markup("<del>{}</del>"), "in": Markup("<ins>{}</ins>"), "same": Markup("{}")}


def word_diff(before: str, after: str) -> Markup:
    """Give the later text with what was taken out in <del> and what was added in <ins>."""
    if len(before) + len(after) > MAX_LENGTH:
        wholes = (("out", before), ("in", after))
        return Markup("\n").join(_SHOWN[kind].format(text) for kind, text in wholes if text)
    pieces = [_SHOWN[piece.kind].format(piece.text) for piece in pieces_of(before, after)]
    return Markup("<p>{}</p>").format(Markup().join(pieces))
