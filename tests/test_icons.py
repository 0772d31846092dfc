"""Icons come from one packaged set; what is served was drawn from it."""

from script import icons


def test_the_sprite_is_what_the_script_draws_from_the_set():
    drawn = icons.SPRITE.read_text()

    assert drawn == icons.sprite(), "Add the name to NAMES in script/icons.py, then: python -m script.icons"
