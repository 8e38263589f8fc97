"""The thirteen categories and the words for them."""

import pytest

from tf_mesh_renderer.datasets import CATEGORIES, find_category


def test_there_are_thirteen_in_the_order_of_their_synsets():
    synsets = [category.synset for category in CATEGORIES]
    assert len(synsets) == 13
    assert synsets == sorted(set(synsets))
    assert all(len(synset) == 8 and synset.isdigit() for synset in synsets)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_every_word_finds_its_category(category):
    words = (category.synset, category.name, category.name.upper(), *category.aliases, category)
    assert all(find_category(word) is category for word in words)


@pytest.mark.parametrize("word", ["tabel", "2691156", 2691156, ""])
def test_other_words_are_refused(word):
    with pytest.raises(ValueError, match="argument `key`: expected a synset or one of airplane"):
        find_category(word)
