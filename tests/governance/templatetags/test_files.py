from types import SimpleNamespace

from governance.templatetags import files


def file(path, size=1, state="good", word="Clean"):
    return {"path": path, "size": size, "state": state, "word": word}


def test_folders_come_first_and_add_up():
    rows = files.tree([file("z.txt", 5), file("b/two", 2), file("b/c/three", 3)])

    assert [(row.name, row.size) for row in rows] == [("b", 5), ("z.txt", 5)]
    assert [row.name for row in rows[0].rows] == ["c", "two"]


def test_a_folder_says_the_worst_of_what_lies_in_it():
    rows = files.tree(
        [file("a/x"), file("a/b/y", state="blocked", word="Unknown name"), file("a/z", state="warn")]
    )

    assert (rows[0].state, rows[0].word) == ("blocked", "1 unknown name")


def test_a_folder_of_like_files_counts_them():
    rows = files.tree([file("a/x"), file("a/y")])

    assert (rows[0].state, rows[0].word) == ("good", "2 clean")


def test_a_word_that_counts_itself_is_not_counted_again():
    rows = files.tree([file("a/x"), file("a/y", state="blocked", word="1 high")])

    assert rows[0].word == "1 of 2"


def test_a_folder_of_files_that_were_not_looked_at_has_no_state():
    rows = files.tree([SimpleNamespace(path="a/x", size=1)])

    assert rows[0].state == ""


def test_nothing_is_an_empty_tree():
    assert files.tree([]) == []
