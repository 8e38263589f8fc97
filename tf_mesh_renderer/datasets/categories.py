"""The thirteen categories of ShapeNet on which single-image reconstruction is measured."""

import dataclasses

from tf_mesh_renderer.arguments import argument_error


@dataclasses.dataclass(frozen=True)
class Category:
    """A category of objects.

    Attributes:
      synset: WordNet's number, eight digits, with which the names of files begin.
      name: N3MR's word for it, which tables show.
      aliases: what others call it.
    """

    synset: str
    name: str
    aliases: tuple[str, ...] = ()


# In the order of N3MR's and DIB-R's tables.
CATEGORIES = (
    Category("02691156", "airplane", ("plane",)),
    Category("02828884", "bench"),
    Category("02933112", "dresser", ("cabinet",)),
    Category("02958343", "car"),
    Category("03001627", "chair"),
    Category("03211117", "display"),
    Category("03636649", "lamp"),
    Category("03691459", "speaker", ("loudspeaker",)),
    Category("04090263", "rifle"),
    Category("04256520", "sofa"),
    Category("04379243", "table"),
    Category("04401088", "phone", ("telephone",)),
    Category("04530566", "vessel", ("watercraft",)),
)

_BY_WORD = {
    word: category
    for category in CATEGORIES
    for word in (category.synset, category.name, *category.aliases)
}


def find_category(key: str | Category) -> Category:
    """The category that a word stands for.

    Args:
      key: synset, name or alias in any case, or a `Category`, which is returned as it is.
    Returns:
      One of `CATEGORIES`.
    Raises:
      ValueError: there is no such category.
    """
    if isinstance(key, Category):
        return key
    try:
        return _BY_WORD[str(key).lower()]
    except KeyError:
        raise argument_error(
            "find_category",
            "key",
            expected="a synset or one of " + ", ".join(c.name for c in CATEGORIES),
            received=repr(key),
            hint="synsets are strings of eight digits and keep their leading zero",
        ) from None
