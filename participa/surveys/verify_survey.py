"""Check the log of a survey, as downloaded from its page.

    python verify_survey.py encuesta-3.jsonl [--head SHA256] [--receipt NUMBER]

Checks that no line was changed, taken out, put in or moved; that the end is the one published
(give it with --head, as the survey's page showed it); and that the totals fit the answers
accepted. Needs Python 3.10 or newer and nothing else. It reads one file and writes nothing.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
BEGINNING = "0" * 64


def digest(line: bytes) -> str:
    """Give the SHA-256 of a line."""
    return hashlib.sha256(line).hexdigest()


def canonical(facts: Entry) -> bytes:
    """Write facts in the one way that the log does."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def problems(data: bytes, head: str | None = None, receipt: str | None = None) -> list[str]:
    """List what is wrong with a log; nothing where it holds."""
    found: list[str] = []
    lines = data.split(b"\n")
    if lines[-1] != b"":
        return ["the file does not end with a whole line"]
    entries = []
    for number, line in enumerate(lines[:-1], 1):
        entry = read(line)
        if entry is None:
            return [f"line {number} is not written as the log writes"]
        entries.append((line, entry))
    if not entries or set(entries[-1][1]) != {"head"}:
        return ["the last line does not say the digest of the log"]
    found += chain(entries[:-1], entries[-1][1]["head"])
    if head is not None and entries[-1][1]["head"] != head:
        found.append("the end of the log is not the one published")
    if not found:
        found += counts([entry for _line, entry in entries[:-1]])
    if not found and receipt is not None:
        found += named([entry for _line, entry in entries[:-1]], receipt)
    return found


def read(line: bytes) -> Entry | None:
    """Read a line; None where it is not exactly how the log writes it."""
    try:
        entry = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or canonical(entry) != line:
        return None
    return entry


def chain(entries: list[tuple[bytes, Entry]], head: str) -> list[str]:
    """Check that each line names the one before it, and the last one is the head."""
    previous = BEGINNING
    for number, (line, entry) in enumerate(entries, 1):
        if entry.get("number") != number:
            return [f"line {number} says that it is number {entry.get('number')}"]
        if entry.get("previous") != previous:
            return [f"line {number} does not follow the line before it"]
        previous = digest(line)
    return [] if previous == head else ["the last line is not the one that the end names"]


def counts(entries: list[Entry]) -> list[str]:
    """Recount the answers by version and hold the totals against them."""
    found: list[str] = []
    accepted: dict[Any, int] = {}
    receipts: set[Any] = set()
    for entry in entries:
        kind, version = entry.get("kind"), entry.get("version")
        acts = {"answer": 1, "withdrawal": -1, "before": entry.get("responses", 0)}
        accepted[version] = accepted.get(version, 0) + acts.get(str(kind), 0)
        if kind == "answer":
            if entry.get("receipt") in receipts:
                found.append(f"line {entry['number']} accepts an answer a second time")
            receipts.add(entry.get("receipt"))
        if kind == "withdrawal":
            receipts.discard(entry.get("receipt"))
        if kind == "tally":
            found += tally(entry, accepted.get(version, 0))
    return found


def tally(entry: Entry, accepted: int) -> list[str]:
    """Hold the totals of a version against the answers accepted until then."""
    where = f"line {entry['number']}"
    found = []
    if entry["responses"] != accepted:
        found.append(f"{where} counts {entry['responses']} responses, {accepted} were accepted")
    for table in entry["totals"]:
        shown = [count for count in table["counts"] if count is not None]
        name = f"{where}, question {table['question']}"
        if table["answered"] > entry["responses"]:
            found.append(f"{name}: more answers than responses")
        if any(count < 0 or count > table["answered"] for count in shown):
            found.append(f"{name}: a count is larger than the answers")
        if table["adds_up"]:
            rest = table["answered"] - sum(shown)
            is_whole = len(shown) == len(table["counts"])
            if rest < 0 or (is_whole and rest):
                found.append(f"{name}: the counts do not add up")
    return found


def named(entries: list[Entry], receipt: str) -> list[str]:
    """Find the line of a receipt."""
    for entry in entries:
        if entry.get("kind") == "answer":
            wanted = digest(f"{entry['survey']} {receipt}".encode())
            if entry.get("receipt") == wanted:
                return []
    return ["no line accepts the answer of that receipt"]


def main(arguments: list[str]) -> int:
    """Check the file that was named, and say what was found."""
    options: dict[str, str] = {}
    files: list[str] = []
    while arguments:
        word, arguments = arguments[0], arguments[1:]
        if word in ("--head", "--receipt") and arguments:
            options[word], arguments = arguments[0], arguments[1:]
        else:
            files.append(word)
    if len(files) != 1 or files[0].startswith("-"):
        sys.stderr.write(__doc__)
        return 2
    data = Path(files[0]).read_bytes()
    found = problems(data, options.get("--head"), options.get("--receipt"))
    for problem in found:
        sys.stdout.write(f"WRONG: {problem}\n")
    if not found:
        lines = data.count(b"\n") - 1
        sys.stdout.write(f"The log holds: {lines} lines.\n")
        if "--head" not in options:
            sys.stdout.write(f"Compare its end with the page: {data.splitlines()[-1].decode()}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
