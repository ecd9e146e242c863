"""Names that break the rules of CONTRIBUTING: `python -m scripts.check_names [PATH ...]`.

- A function is a verb or the noun that it returns, never a bare participle (`found`).
- A class name stands once in the whole repository.
- A constant carries its noun (`MAX_FILTER_CHARACTERS`, not `MOST`).
- A module does not shadow the standard library.

Prints each offender with its place and exits with 1 when there is one.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


ROOT = Path(__file__).parent.parent
FOLDERS = ("skranke", "tests", "bench", "scripts")
IRREGULAR_PARTICIPLES = words(
    "told found shown kept sought seen bound taken known made held given written sent gone left "
    "done built heard said thought begun broken chosen drawn driven fallen felt forgotten frozen "
    "hidden hung laid lent lost met paid proven sold spent spoken stood stuck taught "
    "thrown torn understood woken worn won meant grown led brought bought caught dealt"
)
VERBS_AND_NOUNS_IN_ED = words("bed embed exceed feed need proceed seed shed speed")
NOUNLESS_WORDS = words(
    "most least longest shortest largest smallest usual unusual small large often always never "
    "few many more less enough here there then soon late early ours theirs own same other "
    "others all any some none silent quiet alone again ever once twice about beside inside "
    "outside bare plain empty blank full whole new old fresh young"
)
STANDARD_NAMES_ALLOWED = frozenset({"http"})  # the room that the layout calls so

Offence = tuple[Path, int, str]


def main() -> None:
    """Check the whole repository and print what lies below the given paths."""
    wanted = [Path(argument).resolve() for argument in sys.argv[1:]] or [ROOT]
    offences = [
        offence
        for offence in sorted(repository_offences())
        if any(offence[0].is_relative_to(path) for path in wanted)
    ]
    for path, line, text in offences:
        print(f"{path.relative_to(ROOT)}:{line}: {text}")
    if offences:
        sys.exit(f"{len(offences)} names break the rules of CONTRIBUTING")


def repository_offences() -> Iterator[Offence]:
    """Every name in the repository that breaks a rule."""
    classes: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        if "node_modules" in path.parts:
            continue
        yield from module_offences(path)
        tree = ast.parse(path.read_text("utf-8"))
        yield from function_offences(path, tree)
        yield from constant_offences(path, tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                classes[node.name].append((path, node.lineno))
    for name, places in classes.items():
        for path, line in places if len(places) > 1 else []:
            yield path, line, f"class {name} stands {len(places)} times; a class name stands once"


def module_offences(path: Path) -> Iterator[Offence]:
    """A module or package whose name the standard library has as well."""
    name = path.parent.name if path.name == "__init__.py" else path.stem
    if name in sys.stdlib_module_names - STANDARD_NAMES_ALLOWED and not name.startswith("__"):
        yield path, 1, f"module {name} shadows the standard library"


def function_offences(path: Path, tree: ast.Module) -> Iterator[Offence]:
    """Functions and methods that are named by a participle alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_participle(
            node.name.strip("_")
        ):
            yield path, node.lineno, f"function {node.name} is a bare participle"


def is_participle(name: str) -> bool:
    """Whether a name is one word, and that a past participle."""
    if "_" in name or name in VERBS_AND_NOUNS_IN_ED:
        return False
    return name in IRREGULAR_PARTICIPLES or bool(re.fullmatch(r"[a-z]{2,}ed", name))


def constant_offences(path: Path, tree: ast.Module) -> Iterator[Offence]:
    """Constants of a module that consist of adjectives and adverbs alone."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and has_no_noun(target.id):
                yield path, node.lineno, f"constant {target.id} lacks its noun"


def has_no_noun(name: str) -> bool:
    """Whether an upper-case name has nothing but adjectives, adverbs and participles."""
    if not re.fullmatch(r"_?[A-Z][A-Z_]*", name):
        return False
    words = name.strip("_").lower().split("_")
    return all(word in NOUNLESS_WORDS or is_participle(word) for word in words)


if __name__ == "__main__":
    main()
