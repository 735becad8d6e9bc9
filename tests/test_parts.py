"""What the parts of the page are given to draw: shapes, classes, series. No browser."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from sim.errors import InputError

pytest.importorskip("solara", reason="the page is not installed: pip install '.[ui]'")

from sim.ui.kit.chart import bars, curves, plain, series
from sim.ui.kit.levers import number_field
from sim.ui.kit.map import classes
from sim.ui.kit.shapes import MOST_BYTES, boundaries, districts, drawn, schematic

LINE = [[107.6, -6.9], [107.61, -6.9]]
BOW_TIE = [[107.6, -6.9], [107.62, -6.92], [107.62, -6.9], [107.6, -6.92], [107.6, -6.9]]


def geojson(change=lambda features: None) -> str:
    """Boundaries as a planner may have them, made of the schematic shapes, in degrees and with names."""
    back = 1 / 111.32
    features = [
        {
            "type": "Feature",
            "properties": {"KECAMATAN": districts()[code].upper(), "luas": 4.2},
            "geometry": json.loads(
                shapely.to_geojson(shapely.transform(shape, lambda xy: xy * back + np.array([107.62, -6.92])))
            ),
        }
        for code, shape in schematic().items()
    ]
    change(features)
    return json.dumps({"type": "FeatureCollection", "features": features})


def refusal(tmp_path, text: str) -> list[str]:
    path = tmp_path / "borders.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        boundaries(path)
    return [message.replace(str(path), "borders.geojson") for message in refused.value.messages]


def test_the_schematic_map_has_every_district_once_and_no_overlap():
    shapes = schematic()
    assert list(shapes) == [f"32.73.{k:02d}" for k in range(1, 31)]
    whole = shapely.union_all(list(shapes.values()))
    assert whole.area == pytest.approx(sum(shape.area for shape in shapes.values()), rel=0.01)
    made, view = drawn(shapes)
    width, height = map(int, view.split()[2:])
    assert [one["name"] for one in made][1] == "Coblong"
    assert all(0 <= one["x"] <= width and 0 <= one["y"] <= height for one in made)
    assert all(one["d"].startswith("M") and one["d"].endswith("Z") for one in made)


def test_boundaries_of_a_planner_are_matched_by_name_or_code(tmp_path):
    path = tmp_path / "borders.geojson"

    def mixed(features):
        features[0]["properties"] = {"kode": 327301}
        features[1]["properties"] = {"id": "32.73.02", "nama": "Kec. Coblong"}
        features.reverse()

    path.write_text(geojson(mixed))
    found = boundaries(path)
    assert set(found) == set(districts())
    for code, shape in schematic().items():
        assert found[code].area == pytest.approx(shape.area, rel=0.05), code
    assert len(drawn(found)[0]) == 30


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda fs: fs.pop(), "29 features; one for each of the 30 kecamatan is needed"),
        (lambda fs: fs[3]["properties"].update(KECAMATAN="Cobblong"), "did you mean 'Coblong'?"),
        (lambda fs: fs[4]["properties"].update(KECAMATAN="Coblong"), "Coblong (32.73.02) is there twice"),
        (lambda fs: fs[5]["properties"].update(other="Coblong"), "names more than one kecamatan"),
        (
            lambda fs: fs[6].update(geometry={"type": "Point", "coordinates": [1, 2]}),
            "must be a Polygon or MultiPolygon",
        ),
        (lambda fs: fs[7].update(geometry=None), "must be a Polygon or MultiPolygon"),
        (lambda fs: fs[8]["geometry"].update(coordinates=[[[1, 2], [3]]]), "cannot be read"),
        (lambda fs: fs[9]["geometry"].update(coordinates=[[[0, 0], [1, 0], [1, 1], [0, 0]]]), "not in Bandung"),
        (lambda fs: fs[9]["geometry"].update(coordinates=[[LINE[0], LINE[1], LINE[0], LINE[0]]]), "covers no area"),
        (lambda fs: fs[9]["geometry"].update(coordinates=[[[None, 1]]]), "cannot be read"),
        (lambda fs: fs.insert(0, fs.pop() and "text"), "its geometry must be"),
    ],
)
def test_boundaries_that_do_not_fit_are_refused_with_a_reason(tmp_path, change, said):
    assert any(said in message for message in refusal(tmp_path, geojson(change)))


def test_a_border_that_crosses_itself_is_mended(tmp_path):
    path = tmp_path / "borders.geojson"
    path.write_text(geojson(lambda fs: fs[9]["geometry"].update(coordinates=[BOW_TIE])))
    shape = boundaries(path)["32.73.10"]
    assert shape.is_valid and shape.area == pytest.approx(2.45, rel=0.1)
    assert len(drawn({**schematic(), "32.73.10": shape})[0]) == 30


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "FeatureCollection"}', "[" * 100_000, '{"features": 3}'])
def test_what_is_no_geojson_is_refused(tmp_path, text):
    assert "borders.geojson: not" in refusal(tmp_path, text)[0]


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path):
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InputError, match="the limit is 20 MB"):
        boundaries(path)
    with pytest.raises(InputError, match="no such file"):
        boundaries(tmp_path / "nowhere.geojson")


def test_classes_of_a_level_go_from_low_to_high():
    of, edges = classes({"a": 0.0, "b": 0.5, "c": 1.0, "d": None, "e": float("nan")})
    assert of == {"a": 0, "b": 2, "c": 4, "d": -1, "e": -1}
    assert edges[0][0] == 0 and edges[-1][1] == 1 and len(edges) == 5


def test_classes_of_a_change_lie_around_zero():
    of, edges = classes({"a": -2.0, "b": -0.01, "c": 0.0, "d": 2.0, "e": 0.5}, "change")
    assert of == {"a": 0, "b": 3, "c": 3, "d": 6, "e": 4}
    assert [low for low, _ in edges] == pytest.approx([-high for _, high in reversed(edges)])


@pytest.mark.parametrize("scale", ["level", "change"])
@pytest.mark.parametrize("values", [{}, {"a": None}, {"a": 3.0, "b": 3.0}, {"a": 0.0, "b": 0.0}])
def test_classes_of_nothing_or_all_alike(scale, values):
    of, edges = classes(values, scale)
    assert set(of) == set(values) and all(-1 <= k < len(edges) for k in of.values())
    assert all(low < high for low, high in edges)


def test_series_carry_numbers_that_json_knows():
    assert plain([0.123456789, np.nan, np.inf, 3]) == [0.123457, None, None, 3.0]
    line = series("Scenario", "scenario", [1, 2], [0, 1], [2, 3])
    made = curves("Poverty", "share", ["2025-01", "2025-02"], [line], shock=("2025-02", "Flood"))
    assert json.loads(json.dumps(made))["series"][0]["low"] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: series("x", "purple", [1]), "purple"),
        (lambda: series("x", "a", [1, 2], [1], [2, 3]), "differ in length"),
        (lambda: bars("x", "", ["one", "two"], [series("x", "a", [1])]), "1 figures for 2 names"),
        (lambda: bars("x", "", ["one"], [series("x", "a", [1]), series("y", "a", [1])]), "same tone"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_an_error_of_the_programmer(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


def test_a_lever_says_its_range_in_its_own_unit():
    field = number_field("budget", "Budget", 0, 5e12, 10e9, "Rp", shown_in=1e9, bend=2)
    assert (field["low"], field["high"], field["step"], field["shown_in"]) == (0, 5e12, 10e9, 1e9)
