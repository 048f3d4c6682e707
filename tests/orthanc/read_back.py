"""Reads the reports of RoundTrip.ps1 with pydicom and compares them with the predictions and heatmaps that went in.

Usage: read_back.py WORK, with pydicom 2.3 and numpy (Debian: python3-pydicom). WORK has expected.json, maps (Export-MammoHeatmap) and results;
read.json, what was read, is written there for read_back.cjs to compare with.
"""

import glob
import json
import sys

import numpy
import pydicom

work = sys.argv[1]
expected = json.load(open(f"{work}/expected.json", encoding="utf-8"))


def name(item):
    return item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""


def children(item, meaning):
    return [child for child in item.get("ContentSequence", []) if name(child) == meaning]


def percent(number):
    value = number.MeasuredValueSequence[0]
    return float(value.get("FloatingPointValue", value.NumericValue))


def group(item):
    """What a measurement group says: its number, of which image, by what, and the outline of a region."""
    number = next(child for child in item.ContentSequence if child.ValueType == "NUM")
    outlines = children(item, "Image Region")
    sources = outlines[0].ContentSequence if outlines else children(number, "Source of Measurement")
    return {
        "label": children(item, "Tracking Identifier")[0].TextValue,
        "percent": percent(number),
        "images": [source.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for source in sources],
        "algorithm": [children(number, f"Algorithm {part}")[0].TextValue for part in ("Name", "Version")],
        "parameters": [child.TextValue for child in children(number, "Algorithm Parameters")],
        "points": [float(value) for value in outlines[0].GraphicData] if outlines else None,
    }


def parts(reached):
    """The connected parts of a map as masks."""
    left = set(zip(*numpy.nonzero(reached)))
    while left:
        part = numpy.zeros(reached.shape, bool)
        stack = [left.pop()]
        while stack:
            row, column = stack.pop()
            part[row, column] = True
            for place in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if place in left:
                    left.remove(place)
                    stack.append(place)
        yield part


def check_regions(image, groups):
    said = json.load(open(f"{work}/maps/{image['name']}.json", encoding="utf-8"))
    values = numpy.load(f"{work}/maps/{image['name']}.npy")[..., said["classes"].index(said["shownClass"])].astype(float)
    highest = sorted((100 * values[part].max() for part in parts(values >= expected["level"])), reverse=True)
    assert [region["percent"] for region in groups] == highest[:10], (image, highest)
    affine = numpy.array(said["affine"])
    for region in groups:
        points = numpy.reshape(region["points"], (-1, 2))
        assert (points[0] == points[-1]).all() and len(points) > 3
        height, width = said["storedSize"]
        for x, y in points:
            assert 0 <= x <= width and 0 <= y <= height
            column, row = numpy.linalg.solve(affine[:, :2], numpy.array([x, y]) - 0.5 - affine[:, 2])
            if 0 < x < width and 0 < y < height and 0 <= column <= values.shape[1] - 1 and 0 <= row <= values.shape[0] - 1:
                r, c = min(int(row), values.shape[0] - 2), min(int(column), values.shape[1] - 2)
                across = values[r : r + 2, c : c + 2] @ [1 - column + c, column - c]
                # On the contour, but for the float32 of the graphic data.
                assert abs(across @ [1 - row + r, row - r] - expected["level"]) < 1e-3, (image, x, y)
    return sum(len(region["points"]) // 2 for region in groups)


reports = [pydicom.dcmread(file) for file in sorted(glob.glob(f"{work}/results/SR*"))]
groups = [group(item) for report in reports for item in children(children(report, "Imaging Measurements")[0], "Measurement Group")]
json.dump(groups, open(f"{work}/read.json", "w", encoding="utf-8"))
for one in groups:
    assert one["algorithm"] == [expected["model"], f"Mammo {expected['version']}"], one
    weights = next(text for text in one["parameters"] if text.startswith("weights="))
    assert len(weights) == len("weights=") + 64 and weights.startswith(f"weights={expected['weights']}"), one
    assert [text.split(":")[0] for text in one["parameters"][-2:]] == ["calibration", "threshold"], one
corners = 0
for image in expected["images"]:
    own = [one for one in groups if one["images"] == [image["instance"]]]
    scores = [one["percent"] for one in own if one["points"] is None and " image " in one["label"]]
    assert scores == [100 * image["score"]], (image, scores)
    corners += check_regions(image, [one for one in own if one["points"] is not None])
assert corners > 0
regions = sum(one["points"] is not None for one in groups)
print(f"ok: pydicom reads {len(expected['images'])} scores, {regions} regions ({corners} corners) and their algorithm as they went in")
