"""The schematic map: thirty shapes made from kelurahan centroids that add up to the city."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from sim.atlas import _project, district_shapes, label_point, outline, polygons
from sim.city import load_city

CITY = load_city(2025)
WHERE = CITY.kelurahan
CENTROIDS = _project(np.asarray(WHERE.lon), np.asarray(WHERE.lat))


def test_there_is_a_valid_shape_for_every_kecamatan():
    shapes = district_shapes()
    assert len(shapes) == len(CITY.names) == 30
    assert all(shape.is_valid and shape.area > 0 for shape in shapes)


def test_shapes_do_not_overlap():
    shapes = district_shapes()
    total = sum(shape.area for shape in shapes)
    assert shapely.union_all(list(shapes)).area == pytest.approx(total, rel=0.001)
    common = [a.intersection(b).area for k, a in enumerate(shapes) for b in shapes[:k]]
    assert max(common) < 0.005  # km2: corners nearer than 30 m are made one


def test_areas_add_up_to_the_official_area():
    official = float(np.sum(WHERE.area_km2))
    assert official == pytest.approx(167, abs=2)  # Kota Bandung: 166.6 km2
    assert sum(shape.area for shape in district_shapes()) == pytest.approx(official, rel=0.005)
    assert outline(CENTROIDS, official).area == pytest.approx(official, rel=1e-6)


def test_a_kecamatan_is_about_as_large_as_its_official_area():
    """The map is schematic: cells of centroids, so that sizes are right to about a third, half at the worst."""
    shapes = np.array([shape.area for shape in district_shapes()])
    official = np.bincount(WHERE.district, np.asarray(WHERE.area_km2), 30)
    ratio = shapes / official
    assert 0.6 < ratio.min() and ratio.max() < 1.6
    assert np.abs(np.log(ratio)).mean() < np.log(1.25)


def test_the_centroid_of_every_kelurahan_lies_in_its_kecamatan():
    shapes = district_shapes()
    assert len(CENTROIDS) == 151
    outside = [k for k, (xy, d) in enumerate(zip(CENTROIDS, WHERE.district, strict=True))
               if shapes[d].distance(shapely.Point(xy)) > 0.03]  # fmt: skip
    assert not outside


def test_most_neighbours_on_the_map_share_a_border_in_the_city():
    shapes = district_shapes()
    touching = {(a, b) for a in range(30) for b in range(a)
                if shapes[a].buffer(0.02).intersection(shapes[b].buffer(0.02)).length > 0.4}  # fmt: skip
    real = {(max(pair), min(pair)) for pair in CITY.graph.edges}
    assert len(touching & real) / len(real) > 0.9  # 61 of 66
    assert len(touching & real) / len(touching) > 0.9


def test_labels_stand_within_their_kecamatan_and_rings_are_largest_first():
    for shape in district_shapes():
        assert shape.contains(shapely.Point(label_point(shape)))
        rings = polygons(shape)
        areas = [shapely.Polygon(ring).area for ring in rings]
        assert areas == sorted(areas, reverse=True)
        assert sum(areas) == pytest.approx(shape.area, rel=0.02)
