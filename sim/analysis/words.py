"""Numbers and names as people read them, in English and Indonesian."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sim.language import ENGLISH, INDONESIAN, LANGUAGES, digits_for
from sim.language import number as written
from sim.language import rupiah as money

# outcome: (English, Indonesian)
NAMES = {
    "population": ("population", "jumlah penduduk"),
    "poverty_headcount": ("poverty", "kemiskinan"),
    "poverty_gap": ("the depth of poverty", "kedalaman kemiskinan"),
    "unemployment_rate": ("unemployment", "pengangguran"),
    "youth_unemployment_rate": ("youth unemployment", "pengangguran pemuda"),
    "informal_share": ("informal work", "pekerjaan informal"),
    "employed": ("employment", "jumlah orang bekerja"),
    "median_wage": ("the median wage", "upah median"),
    "mean_wage": ("the mean wage", "upah rata-rata"),
    "gini": ("inequality", "ketimpangan"),
    "food_insecure_share": ("food insecurity", "kerawanan pangan"),
    "no_buffer_share": ("the share of households without savings", "persentase rumah tangga tanpa tabungan"),
    "out_of_school_share": ("the share of children out of school", "persentase anak putus sekolah"),
    "child_development": ("child development", "perkembangan anak"),
    "child_city_score": ("the Kota Layak Anak score", "nilai Kota Layak Anak"),
    "service_access": ("access to services", "akses layanan"),
    "service_quality": ("service quality", "mutu layanan"),
    "worst_service": ("the weakest service", "layanan terlemah"),
    "flood_protection": ("flood protection", "perlindungan banjir"),
    "participation_rate": ("participation", "partisipasi warga"),
    "trust": ("trust", "kepercayaan"),
    "value_added_index": ("value added", "nilai tambah"),
    "business_survival": ("business survival", "kelangsungan usaha"),
    "technology_adoption": ("digital adoption", "penggunaan teknologi digital"),
    "consumption_mean": ("spending per head", "pengeluaran per kapita"),
    "wellbeing": ("wellbeing", "kesejahteraan"),
    "child_city_coverage": ("the reach of child-friendly programmes", "jangkauan program ramah anak"),
    "memberships": ("membership in groups", "keanggotaan kelompok"),
    "below_minimum_wage_share": (
        "the share of employees below the minimum wage",
        "persentase karyawan di bawah upah minimum",
    ),
    "job_access": ("access to jobs", "akses ke lapangan kerja"),
    "own_revenue_share": ("the city's own share of its revenue", "porsi pendapatan asli daerah"),
    "swadaya_rp": ("self-help", "swadaya"),
    "csr_rp": ("recorded CSR", "CSR tercatat"),
    "treasury_rp": ("the city's treasury", "kas kota"),
    "resilience_index": ("the resilience index", "indeks ketahanan"),
}
# unit as declared: (English, Indonesian) of a change, and the factor the value is shown in
_UNITS = {
    "SD": (" SD", " simpangan baku"),
    "persons": (" persons", " orang"),
    "places per user": (" places per user", " tempat per pengguna"),
    "groups per household": (" groups per household", " kelompok per rumah tangga"),
    "jobs per resident": (" jobs per resident", " pekerjaan per penduduk"),
    "start = 100": (" points (start = 100)", " poin (awal = 100)"),
    "points of 1000": (" points of 1000", " poin dari 1000"),
    "months of income": (" months of income", " bulan pendapatan"),
}
# units of cost-effectiveness: (English, Indonesian)
COUNTED = {
    "poverty_headcount": ("a person-year of poverty averted", "satu orang-tahun kemiskinan yang dicegah"),
    "food_insecure_share": ("a person-year of hunger averted", "satu orang-tahun kelaparan yang dicegah"),
    "employed": ("a job-year", "satu pekerjaan selama setahun"),
    "out_of_school_share": ("a child-year in school", "satu anak bersekolah selama setahun"),
}


@cache
def phrases(language: str = ENGLISH) -> dict[str, str]:
    """The sentences of the verdict by key (phrases.toml). Raises ValueError for a language there is not."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: must be 'en' or 'id'")
    table = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))
    return dict(table[language])


def name(outcome: str, language: str = ENGLISH) -> str:
    """An outcome in words; one without a translation keeps its declared name."""
    plain = outcome.removesuffix("_rp").replace("_", " ")
    return NAMES.get(outcome, (plain, plain))[LANGUAGES.index(language)]


def number(value: float, digits: int = 0, language: str = ENGLISH) -> str:
    """1,234.5 in English, 1.234,5 in Indonesian; no minus before a zero."""
    return written(value, language, digits)


def level(value: float, unit: str, language: str = ENGLISH) -> str:
    """A level with its unit: 3.9 %, Rp 1.5 million, 0.67."""
    if unit.startswith("share"):
        return f"{number(100 * value, 1, language)} %"
    if unit.startswith("Rp"):
        return money(value, language)
    return number(value, digits_for(value, 3), language) + _suffix(unit, language)


def change(values: Sequence[float], unit: str, language: str = ENGLISH) -> list[str]:
    """Sizes of a change, the first one deciding the digits of all; the unit stands with the first."""
    if unit.startswith("Rp"):
        return [money(value, language) for value in values]
    factor, suffix = 1.0, _suffix(unit, language)
    if unit.startswith("share"):
        factor, suffix = 100.0, " percentage points" if language == ENGLISH else " poin persen"
    digits = digits_for(factor * values[0])
    shown = [number(factor * value, digits, language) for value in values]
    return [shown[0] + suffix, *shown[1:]]


def _suffix(unit: str, language: str) -> str:
    return _UNITS.get(unit, ("", ""))[LANGUAGES.index(language)]


def listing(items: Sequence[str], language: str = ENGLISH) -> str:
    """A, B and C; A, B, dan C."""
    items = list(items)
    if len(items) <= 1:
        return "".join(items)
    if language == INDONESIAN:
        return f"{items[0]} dan {items[1]}" if len(items) == 2 else f"{', '.join(items[:-1])}, dan {items[-1]}"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def count(value: int, singular: str, plural: str, indonesian: str, language: str = ENGLISH) -> str:
    """One package, three packages; Indonesian has no plural."""
    if language == INDONESIAN:
        return f"{number(value, 0, language)} {indonesian}"
    return f"{'one' if value == 1 else number(value)} {singular if value == 1 else plural}"


def span(months: int, language: str = ENGLISH) -> str:
    """Ten years, or months where it is not whole years."""
    if months % 12 == 0:
        return count(months // 12, "year", "years", "tahun", language)
    return count(months, "month", "months", "bulan", language)
