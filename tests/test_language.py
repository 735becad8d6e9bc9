"""Both languages: texts by their English key, numbers and months in the form of each."""

import pickle

import pytest

from sim.language import LANGUAGES, catalogue, month, number, percent, rupiah, told, translated, usual_language


@pytest.mark.parametrize(
    ("shown", "english", "indonesian"),
    [
        (lambda to: number(1234.5, to, 1), "1,234.5", "1.234,5"),
        (lambda to: number(-0.2, to), "0", "0"),
        (lambda to: number(float("nan"), to), "–", "–"),
        (lambda to: percent(0.0391, to), "3.9 %", "3,9 %"),
        (lambda to: rupiah(1.25e9, to), "Rp 1.2 billion", "Rp 1,2 miliar"),
        (lambda to: rupiah(2.5e6, to), "Rp 2.5 million", "Rp 2,5 juta"),
        (lambda to: rupiah(7.31e12, to), "Rp 7.3 trillion", "Rp 7,3 triliun"),
        (lambda to: rupiah(123_456, to), "Rp 123,000", "Rp 123.000"),
        (lambda to: month("2027-01", to), "January 2027", "Januari 2027"),
        (lambda to: month("2027-08", to, short=True), "Aug 2027", "Agu 2027"),
    ],
)
def test_numbers_money_and_months_have_the_form_of_the_language(shown, english, indonesian):
    assert (shown("en"), shown("id")) == (english, indonesian)


def test_a_text_without_an_entry_stays_english():
    assert translated("nobody would ever say this", "id") == "nobody would ever say this"
    assert translated("{count} of this", "id", count=3) == "3 of this"


def test_a_told_sentence_can_be_said_in_another_language_later(monkeypatch):
    monkeypatch.setitem(catalogue("id"), "{file}: no such {what}", "{file}: tidak ada {what}")
    monkeypatch.setitem(catalogue("id"), "folder", "map")
    said = told("{file}: no such {what}", file="folder", what=told("folder"))
    assert said == "folder: no such folder"
    assert translated(said, "id") == "folder: tidak ada map"
    assert translated(pickle.loads(pickle.dumps(said)), "id") == "folder: tidak ada map"


def test_the_usual_language_is_english_unless_the_environment_says_otherwise(monkeypatch):
    for said, meant in (("", "en"), ("id", "id"), ("id_ID.UTF-8", "id"), ("ID", "id"), ("fr", "en")):
        monkeypatch.setenv("BANDUNG_LANGUAGE", said)
        assert usual_language() == meant
    monkeypatch.delenv("BANDUNG_LANGUAGE")
    assert usual_language() == LANGUAGES[0] == "en"
