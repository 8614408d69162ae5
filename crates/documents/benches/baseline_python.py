"""ReportLab and fpdf2, drawing a page of the weight of a certificate: 221 texts, of which 80 change
from document to document, and 76 rules and boxes. `page.json` says how many of each.

Prints one reading a line for `cargo xtask bench`: the median time of a document and its size.
Each engine does what its manual shows for many documents: standard fonts, compression on.
"""

import io
import json
import pathlib
import statistics
import time

from fpdf import FPDF
from reportlab.pdfgen import canvas

PAGE = json.loads((pathlib.Path(__file__).parent / "page.json").read_text())
WARM_UP, MEASURED = 20, 120


def texts(number):
    """Where, how large, how bold, and what: the same on every engine."""
    for index in range(PAGE["furniture"] + PAGE["values"]):
        column, row = index % 4, index // 4
        x, y = 30 + column * 140, 40 + row * 12.6
        if index < PAGE["furniture"]:
            yield x, y, 6, True, f"LABEL {index} OF THE FORM"
        else:
            yield x, y, 8, False, f"Value {index} of document {number}: ${(index * 7919 + number) % 1000000:,}"


def boxes():
    for index in range(PAGE["boxes"]):
        yield 28 + index % 4 * 140, 36 + index // 4 * 72, 136, 70


def rules():
    for index in range(PAGE["rules"]):
        yield 28, 48 + index * 20, 584, 48 + index * 20


def reportlab(number):
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(PAGE["width"], PAGE["height"]), pageCompression=1)
    page.setTitle(f"Certificate {number}")
    page.setLineWidth(0.5)
    height = PAGE["height"]
    for x, y, w, h in boxes():
        page.rect(x, height - y - h, w, h)
    for x1, y1, x2, y2 in rules():
        page.line(x1, height - y1, x2, height - y2)
    for x, y, size, bold, text in texts(number):
        page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        page.drawString(x, height - y, text)
    page.showPage()
    page.save()
    return out.getvalue()


def fpdf2(number):
    page = FPDF(unit="pt", format=(PAGE["width"], PAGE["height"]))
    page.set_title(f"Certificate {number}")
    page.add_page()
    page.set_line_width(0.5)
    for x, y, w, h in boxes():
        page.rect(x, y, w, h)
    for x1, y1, x2, y2 in rules():
        page.line(x1, y1, x2, y2)
    for x, y, size, bold, text in texts(number):
        page.set_font("Helvetica", "B" if bold else "", size)
        page.text(x, y, text)
    return bytes(page.output())


def measure(name, draw):
    for number in range(WARM_UP):
        draw(number)
    taken, size = [], 0
    for number in range(MEASURED):
        started = time.perf_counter_ns()
        size = len(draw(number))
        taken.append((time.perf_counter_ns() - started) / 1_000_000)
    print(json.dumps({"group": "render", "name": name, "value": statistics.median(taken), "unit": "ms"}))
    print(json.dumps({"group": "render", "name": name, "value": size, "unit": "bytes"}))


measure("ReportLab (Python)", reportlab)
measure("fpdf2 (Python)", fpdf2)
