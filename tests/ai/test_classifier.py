"""The category model by itself, on texts whose categories are known."""

from collections.abc import Iterator
from random import Random

import numpy as np

from skranke.ai.classifier import (
    MAX_CATEGORIES,
    UNREACHABLE_FLOOR,
    CategoryModel,
    CategoryTrainer,
    model_from_bytes,
)
from skranke.ai.features import text_features

TOPICS = {
    11: "printer paper toner jam tray scanner ink cartridge print copy",
    12: "salary payslip tax holiday pay overtime wage bank deduction leave",
    13: "password login account locked reset access user token expired sign",
}
FILLER = "hello please help with the my this is not and we have for since today thanks"


def texts(count: int, seed: int = 1) -> Iterator[tuple[int, str]]:
    """Texts of a few words of a topic among such as everybody uses."""
    rng = Random(seed)
    for number in range(count):
        topic = 11 + number % len(TOPICS)
        said = rng.choices(TOPICS[topic].split(), k=4)
        said += rng.choices(FILLER.split(), k=12)
        yield topic, " ".join(said)


def trained(count: int = 300) -> CategoryModel | None:
    lessons = CategoryTrainer()
    lessons.learn((topic, text_features(text)) for topic, text in texts(count))
    return lessons.model()


def test_it_tells_topics_apart_and_says_how_well() -> None:
    model = trained()
    assert model
    unseen = list(texts(90, seed=2))
    right = sum(model.guess(text_features(text)) == topic for topic, text in unseen)
    assert right >= 80
    assert model.accuracy > 0.9
    assert model.tickets == 300


def test_three_guesses_come_the_likeliest_first() -> None:
    model = trained()
    assert model
    found = model.guesses(text_features("the printer is out of toner and paper"))
    assert found[0].category_id == 11
    likely = [guess.likelihood for guess in found]
    assert likely == sorted(likely, reverse=True)
    assert abs(sum(likely) - 1) < 1e-6


def test_where_it_is_not_sure_it_says_nothing() -> None:
    model = trained()
    assert model
    assert model.guess(text_features("hello please help")) == 0
    assert model.guess(text_features("")) == 0
    assert model.guesses(text_features("4711 !")) == []


def test_what_has_nothing_to_do_with_words_is_never_suggested() -> None:
    rng = Random(3)
    lessons = CategoryTrainer()
    lessons.learn((rng.choice([11, 12, 13, 14]), text_features(text)) for _, text in texts(400))
    model = lessons.model()
    assert model
    assert model.floor == UNREACHABLE_FLOOR or model.floor > 0.5
    said = [model.guess(text_features(text)) for _, text in texts(90, seed=4)]
    assert sum(map(bool, said)) < 10


def test_too_little_to_learn_from_makes_no_model() -> None:
    assert trained(0) is None
    assert trained(9) is None
    lessons = CategoryTrainer()
    lessons.learn((11, text_features(text)) for _, text in texts(100))
    assert lessons.model() is None  # one category


def test_a_category_with_few_examples_is_not_guessed() -> None:
    lessons = CategoryTrainer()
    lessons.learn((topic, text_features(text)) for topic, text in texts(300))
    lessons.learn([(14, text_features("coffee machine beans"))] * 3)
    model = lessons.model()
    assert model
    assert 14 not in model.categories


def test_a_model_survives_being_packed_without_code_in_it() -> None:
    model = trained()
    assert model
    again = model_from_bytes(model.to_bytes())
    text = text_features("salary and tax")
    assert again.guesses(text) == model.guesses(text)
    assert np.array_equal(again.weights, model.weights)
    assert (again.floor, again.tickets) == (model.floor, model.tickets)


def test_more_categories_than_memory_is_for_are_not_guessed() -> None:
    lessons = CategoryTrainer()
    many = MAX_CATEGORIES + 20
    names = ["".join("abcdefghij"[int(n)] for n in f"{c:04}") for c in range(many)]
    lessons.learn(
        (1 + place, text_features(f"{name} thing"))
        for _ in range(8)
        for place, name in enumerate(names)
    )
    model = lessons.model()
    assert model
    assert len(model.categories) == MAX_CATEGORIES
    for place, name in enumerate(names, 1):
        known = place in model.categories
        assert model.guess(text_features(name)) == (place if known else 0)
