"""What the warm parent of tables' children imports: numpy, and whatever that imports when it is first asked
for something, so it is asked once. This parent is small, so that forking it is quick."""

from __future__ import annotations

from importlib import import_module

from registry.scoring import warming


def warm_up() -> None:
    warming.begin()
    numpy = import_module("numpy")
    measuring, resampling = (
        import_module(f"registry.scoring.{name}") for name in ("measuring", "resampling")
    )
    import_module("registry.scoring.tables")
    random = numpy.random.default_rng(1)
    truth, score = numpy.array([True, False] * 4), numpy.linspace(0, 1, 8)
    chances = numpy.column_stack([1 - score, score])
    measuring.two_classes(truth, score, 0.5, chances=True)
    resampling.of_two_classes(truth, score, 0.5, chances=True, random=random)
    found = measuring.several(truth.astype(int), chances.argmax(axis=1), chances, 2)
    resampling.of_several(numpy.array(found["matrix"]), score, random)
    measuring.numbers(score, chances[:, 0])
    resampling.of_numbers(score, chances[:, 0], random)
    random.choice(8, 2, replace=False)


warm_up()
