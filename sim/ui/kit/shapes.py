"""The shapes of the 30 kecamatan for the map: schematic ones of our own, or a planner's file of real boundaries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from sim.atlas import KM_PER_DEGREE, SMOOTH, district_shapes, label_point, polygons
from sim.catalogue import did_you_mean
from sim.city import load_city
from sim.errors import InputError
from sim.language import Told, told
from sim.strict_yaml import printed

MOST_BYTES = 20_000_000  # of a file of boundaries
MOST_POINTS = 500_000
MOST_SAID = 10  # mistakes told at once
BOX = (107.3, -7.2, 107.95, -6.6)  # degrees west, south, east, north: Bandung and its surroundings
WIDTH = 1000  # of the drawing
MARGIN = 12
Shapes = Mapping[str, shapely.Geometry]


@cache
def districts() -> dict[str, str]:
    """The name of each kecamatan by its code, 32.73.01 to 32.73.30."""
    city = load_city(2025)
    return dict(zip(city.codes, city.names, strict=True))


def schematic() -> dict[str, shapely.Geometry]:
    """The schematic shapes (km) by code."""
    return dict(zip(districts(), district_shapes(), strict=True))


def drawn(shapes: Shapes) -> tuple[list[dict[str, Any]], str]:
    """What DistrictMap takes: {"id", "name", "d", "x", "y"} of each district, and the viewBox."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    scale = (WIDTH - 2 * MARGIN) / (east - west)

    def place(xy: np.ndarray) -> np.ndarray:
        return np.stack([(xy[:, 0] - west) * scale + MARGIN, (north - xy[:, 1]) * scale + MARGIN], axis=1).round()

    made = []
    for code, name in districts().items():
        rings = [place(ring).astype(int) for ring in polygons(shapes[code])]
        path = "".join("M" + "L".join(f"{x},{y}" for x, y in ring[:-1]) + "Z" for ring in rings)
        x, y = place(np.array([label_point(shapes[code])]))[0]
        made.append({"id": code, "name": name, "d": path, "x": int(x), "y": int(y)})
    return made, f"0 0 {WIDTH} {round((north - south) * scale) + 2 * MARGIN}"


def boundaries(path: Path) -> dict[str, shapely.Geometry]:
    """Shapes (km) by code from a GeoJSON file of the 30 kecamatan, matched by code or name; else an InputError."""
    found: dict[str, shapely.Geometry] = {}
    wrong: list[Told] = []
    for number, feature in enumerate(_features(path), 1):
        where = told("{file}: feature {number}", file=path, number=number)
        code = _code(feature, where, wrong)
        shape = _shape(feature, where, wrong)
        if code in found:
            wrong.append(
                told("{where}: {name} ({code}) is there twice", where=where, name=districts()[code], code=code)
            )
        elif code and shape is not None:
            found[code] = shape
    if wrong:
        more = [told("{file}: and {count} more", file=path, count=len(wrong) - MOST_SAID)]
        raise InputError(*wrong[:MOST_SAID], *(more if len(wrong) > MOST_SAID else []))
    return _in_km(found)


def _features(path: Path) -> list[Any]:
    """The 30 features of the file, not yet looked at."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            said = "{file}: {size} MB; the limit is {most} MB: simplify the shapes"
            raise InputError(told(said, file=path, size=round(size / 1e6), most=round(MOST_BYTES / 1e6)))
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(told("{file}: {why}", file=path, why=(error.strerror or str(error)).lower())) from None
    except (ValueError, RecursionError) as error:
        raise InputError(told("{file}: not GeoJSON: {why}", file=path, why=str(error)[:120])) from None
    features = given.get("features") if isinstance(given, dict) else None
    if not isinstance(features, list):
        raise InputError(told("{file}: not a GeoJSON FeatureCollection", file=path))
    if len(features) != len(districts()):
        said = "{file}: {count} features; one for each of the {all} kecamatan is needed"
        raise InputError(told(said, file=path, count=len(features), all=len(districts())))
    return features


def _plain(text: Any) -> str:
    """A code or name without what differs between files: dots, spaces, case, 'Kecamatan'."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^\s*(kecamatan|kec\.?)\s+", "", str(text).lower()))


@cache
def _known() -> dict[str, str]:
    """Codes by each way of writing a code (32.73.01, 327301, 3273010) or name."""
    known: dict[str, str] = {}
    for code, name in districts().items():
        digits = code.replace(".", "")
        known |= {digits: code, _plain(name): code}
    return known


def _code(feature: Any, where: Told, wrong: list[Told]) -> str | None:
    """The kecamatan that a feature is: by any of its properties that holds a code or name."""
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    given = [value for value in (feature.get("id"), *properties.values()) if _short(value)]
    codes = {_known()[_plain(value)] for value in given if _plain(value) in _known()}
    if len(codes) == 1:
        return codes.pop()
    if codes:
        several = ", ".join(districts()[code] for code in sorted(codes))
        wrong.append(told("{where}: names more than one kecamatan: {names}", where=where, names=several))
        return None
    called = [v for k, v in properties.items() if isinstance(v, str) and re.search("nam|kec|dist", str(k).lower())]
    hint = next((found for name in called if (found := did_you_mean(name, districts().values()))), "")
    name = f" ('{printed(called[0][:40])}')" if called else ""
    said = "{where}: no property has the code or name of a kecamatan of Bandung{name}{hint}"
    wrong.append(told(said, where=where, name=name, hint=hint))
    return None


def _short(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and len(str(value)) <= 80


def _shape(feature: Any, where: Told, wrong: list[Told]) -> shapely.Geometry | None:
    """The polygon of a feature in degrees, or None with the reason added to `wrong`."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        wrong.append(told("{where}: its geometry must be a Polygon or MultiPolygon", where=where))
        return None
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        wrong.append(told("{where}: its geometry cannot be read: {why}", where=where, why=str(error)[:120]))
        return None
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        wrong.append(told("{where}: more than {most} points: simplify the shape", where=where, most=MOST_POINTS))
        return None
    if np.isfinite(shapely.get_coordinates(shape)).all():
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if not shape.area > 0:
        wrong.append(told("{where}: its geometry covers no area", where=where))
        return None
    west, south, east, north = shape.bounds
    if not (BOX[0] <= west and BOX[1] <= south and east <= BOX[2] and north <= BOX[3]):
        said = "{where}: not in Bandung; longitudes and latitudes in degrees (WGS 84) are needed"
        wrong.append(told(said, where=where))
        return None
    return shape


def _in_km(shapes: Shapes) -> dict[str, shapely.Geometry]:
    """Degrees to km around the middle, as in sim.atlas, and simplified to what the map can show."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    scale = np.array([np.cos(np.radians(middle[1])), 1.0]) * KM_PER_DEGREE
    simple = shapely.coverage_simplify(list(shapes.values()), SMOOTH / KM_PER_DEGREE)
    kept = [few if few.area > 0 else shape for few, shape in zip(simple, shapes.values(), strict=True)]
    moved = [shapely.transform(shape, lambda xy: (xy - middle) * scale) for shape in kept]
    return dict(zip(shapes, moved, strict=True))
