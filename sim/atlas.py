"""A schematic map of the 30 kecamatan, made from the 151 kelurahan centroids: not surveyed borders.

Every point of the city belongs to the nearest kelurahan centroid (Voronoi cells); cells of a kecamatan are joined; the
outline is the hull of the centroids, widened until the city has its official area. Units: km east and north of the
city's middle.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon
from shapely.ops import unary_union

from sim.city import load_city
from sim.city.places import N_DISTRICTS

KM_PER_DEGREE = 111.32
HOLLOW = 0.35  # how closely the outline follows the outermost centroids: 0 closest, 1 the convex hull
SMOOTH = 0.03  # km: corners nearer than this are one


def _project(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Degrees to km around their mean (equirectangular; the city is 17 km wide)."""
    middle = lon.mean(), lat.mean()
    east = (lon - middle[0]) * np.cos(np.radians(middle[1])) * KM_PER_DEGREE
    return np.stack([east, (lat - middle[1]) * KM_PER_DEGREE], axis=1)


def outline(points: np.ndarray, area: float) -> Polygon:
    """The hull of the points (n, 2), widened until it covers `area` km2."""
    hull = shapely.concave_hull(MultiPoint(points), ratio=HOLLOW)
    low, high = 0.0, 5.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if hull.buffer(middle).area < area else (low, middle)
    return hull.buffer(high)


def cells(points: np.ndarray, area: float) -> list[Polygon]:
    """The Voronoi cell of each point within the outline, in the order of the points."""
    edge = outline(points, area)
    found = shapely.voronoi_polygons(MultiPoint(points), extend_to=edge)
    tree = shapely.STRtree(list(found.geoms))
    order = [int(tree.query(shapely.Point(xy), predicate="within")[0]) for xy in points]
    return [found.geoms[k].intersection(edge) for k in order]


@cache
def district_shapes() -> tuple[shapely.Geometry, ...]:
    """The shape of each kecamatan, in the order of their codes."""
    city = load_city(2025)
    where = city.kelurahan
    parts = cells(_project(np.asarray(where.lon), np.asarray(where.lat)), float(np.sum(where.area_km2)))
    merged = [unary_union([parts[k] for k in np.flatnonzero(where.district == d)]) for d in range(N_DISTRICTS)]
    return tuple(shape.simplify(SMOOTH) for shape in merged)


def polygons(shape: shapely.Geometry) -> list[np.ndarray]:
    """The outer rings of a shape as (n, 2) arrays, largest first."""
    parts = sorted(getattr(shape, "geoms", [shape]), key=lambda part: -part.area)
    return [np.asarray(part.exterior.coords) for part in parts]


def label_point(shape: shapely.Geometry) -> tuple[float, float]:
    """A point well inside a shape."""
    middle = shapely.maximum_inscribed_circle(max(getattr(shape, "geoms", [shape]), key=lambda part: part.area))
    return float(middle.coords[0][0]), float(middle.coords[0][1])
