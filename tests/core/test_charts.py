"""The charts as coordinates: they begin at zero, keep proportion, and hide nothing."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.conf import settings

from core.charts import (
    Change,
    Columns,
    Course,
    Due,
    Lollipops,
    Rows,
    Series,
    Stated,
    Steps,
    Track,
    nice_ticks,
)
from core.charts.bars import BOTTOM, LEFT, TOP, WIDTH
from core.charts.marks import LETTER, Word, at, width_of


def values_of(drawing) -> list[str]:
    return [word.text for word in drawing.words if word.css == "val"]


def labels_of(drawing) -> list[str]:
    return [word.text for word in drawing.words if word.css == "lab"]


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (13, [0, 5, 10, 15]),
        (300, [0, 100, 200, 300]),
        (372, [0, 100, 200, 300, 400]),
        (572_000, [0, 200_000, 400_000, 600_000]),
    ],
)
def test_the_scale_begins_at_zero_and_ends_above_the_highest_value(most, ticks):
    assert nice_ticks(most) == ticks


@pytest.mark.parametrize(("position", "text"), [(44, "44"), (129.46, "129.5"), (0.04, "0")])
def test_a_coordinate_is_written_to_a_tenth(position, text):
    assert at(position) == text


class TestColumns:
    def test_bars_stand_on_the_zero_line_in_proportion(self):
        drawing = Columns(["H27", "H28"], [Series("件", [3, 6])]).drawing
        feet = {float(box.y) + float(box.height) for box in drawing.boxes}
        assert feet == {BOTTOM}
        low, high = (float(box.height) for box in drawing.boxes)
        assert high == pytest.approx(low * 2, abs=0.2)
        assert [line.y1 for line in drawing.lines if line.css == "axis"] == [at(BOTTOM)]

    def test_a_second_series_stands_upon_the_first_and_is_told_apart(self):
        series = [Series("開催", [4, 0]), Series("実績未確認", [1, 1], "bar unsure")]
        drawing = Columns(["R5", "R6"], series).drawing
        held, announced, alone = drawing.boxes
        assert float(announced.y) + float(announced.height) == pytest.approx(float(held.y), abs=0.2)
        assert float(alone.y) + float(alone.height) == BOTTOM
        assert (held.css, announced.css) == ("bar", "bar unsure")
        assert values_of(drawing) == ["4+1", "0+1"]
        assert [row.name for row in drawing.key] == ["開催", "実績未確認"]

    def test_one_series_needs_no_key_and_a_zero_no_bar(self):
        drawing = Columns(["R5", "R6"], [Series("件", [0, 2])]).drawing
        assert drawing.key == ()
        assert len(drawing.boxes) == 1
        assert values_of(drawing) == ["0", "2"]

    @pytest.mark.parametrize(("number", "crowded"), [(8, False), (9, True)])
    def test_more_than_eight_columns_scroll_on_a_phone(self, number, crowded):
        labels = [f"H{year}" for year in range(20, 20 + number)]
        assert Columns(labels, [Series("件", [1] * number)]).drawing.is_crowded is crowded

    def test_of_many_years_the_last_keeps_its_name(self):
        labels = [f"R{year}" for year in range(1, 31)]
        printed = labels_of(Columns(labels, [Series("件", [1] * 30)]).drawing)
        years = [text for text in printed if text.startswith("R")]
        assert years[-1] == "R30"
        assert len(years) == 10

    def test_without_columns_there_is_nothing_to_draw(self):
        assert Columns([], [Series("件", [])]).drawing is None


class TestRows:
    def test_bars_begin_at_the_zero_line_and_their_values_behind_them(self):
        drawing = Rows(["港区", "世田谷区"], [Series("件", [2, 4])]).drawing
        zero = float(next(line.x1 for line in drawing.lines if line.css == "axis"))
        assert {float(box.x) for box in drawing.boxes} == {zero}
        short, long = (float(box.width) for box in drawing.boxes)
        assert long == pytest.approx(short * 2, abs=0.2)
        ends = [float(word.x) for word in drawing.words if word.css == "val"]
        assert ends == pytest.approx([zero + short + 6, zero + long + 6], abs=0.2)

    def test_names_and_values_stay_inside_the_picture(self):
        texts = ["約1,234,567", "公表なし"]
        drawing = Rows(["平成から令和へ", "R元"], [Series("人", [1_234_567, 0])], texts).drawing
        for word in drawing.words:
            left = float(word.x) - (width_of(word.text) if word.anchor == "end" else 0)
            right = float(word.x) + (width_of(word.text) if word.anchor == "start" else 0)
            assert left >= 0
            assert right <= WIDTH
        assert values_of(drawing) == texts

    @pytest.mark.parametrize("values", [[], [0, 0]])
    def test_without_a_number_there_is_nothing_to_draw(self, values):
        labels = ["甲", "乙"][: len(values)]
        assert Rows(labels, [Series("件", values)]).drawing is None


class TestLollipops:
    POINTS = [
        Stated(date(2016, 9, 1), date(2016, 9, 1), 198, "198"),
        Stated(date(2017, 2, 27), date(2017, 2, 27), 213, "213"),
        Stated(date(2024, 10, 1), date(2024, 12, 31), 300, "300超"),
    ]

    def test_nothing_joins_the_dots(self):
        drawing = Lollipops(self.POINTS).drawing
        assert drawing.paths == []
        stems = [line for line in drawing.lines if line.css == "line"]
        assert [line.x1 for line in stems] == [line.x2 for line in stems]
        assert [(line.x2, line.y2) for line in stems] == [(dot.x, dot.y) for dot in drawing.dots]
        assert {line.y1 for line in stems} == {at(BOTTOM)}

    def test_a_dot_is_as_high_as_its_number(self):
        heights = [BOTTOM - float(dot.y) for dot in Lollipops(self.POINTS).drawing.dots]
        unit = (BOTTOM - TOP) / 300
        assert heights == pytest.approx([198 * unit, 213 * unit, 300 * unit], abs=0.06)

    def test_the_words_are_kept_and_do_not_touch_each_other(self):
        drawing = Lollipops(self.POINTS).drawing
        assert values_of(drawing) == ["198", "213", "300超"]
        assert touching(drawing.words) == []

    def test_years_run_from_the_first_to_the_last(self):
        labels = labels_of(Lollipops(self.POINTS).drawing)
        years = [text for text in labels if text[0] in "HR"]
        assert years == ["H28", "H29", "H30", "R元", "R2", "R3", "R4", "R5", "R6"]

    def test_without_a_figure_there_is_nothing_to_draw(self):
        assert Lollipops([]).drawing is None


class TestSteps:
    TRACK = Track(
        "団体",
        [
            Change(date(2016, 4, 26), 3),
            Change(date(2017, 1, 19), 6),
            Change(date(2017, 1, 27), 7),
            Change(date(2020, 1, 14), 13),
        ],
    )

    def test_a_line_holds_its_value_until_the_next_change(self):
        (path,) = Steps([self.TRACK], date(2026, 11, 22)).drawing.paths
        points = [tuple(map(float, point.split(","))) for point in path.points.split()]
        heights = [BOTTOM - y for _, y in points]
        unit = (BOTTOM - TOP) / 15
        assert heights == pytest.approx(
            [0, 3 * unit, 3 * unit, 6 * unit, 6 * unit, 7 * unit, 7 * unit, 13 * unit, 13 * unit],
            abs=0.06,
        )
        columns = [x for x, _ in points]
        assert columns == sorted(columns)

    def test_the_last_value_bears_the_name(self):
        drawing = Steps([self.TRACK], date(2026, 11, 22)).drawing
        assert values_of(drawing)[0] == "団体 13"

    def test_a_value_without_room_is_left_to_the_table(self):
        printed = values_of(Steps([self.TRACK], date(2026, 11, 22)).drawing)
        assert {"3", "7"} <= set(printed)
        assert "6" not in printed

    def test_a_second_track_is_dashed(self):
        other = Track("企業", [Change(date(2018, 8, 23), 1)])
        drawing = Steps([self.TRACK, other], date(2026, 11, 22)).drawing
        assert [path.css for path in drawing.paths] == ["line", "line dashed"]
        assert values_of(drawing)[:2] == ["団体 13", "企業 1"]

    def test_words_do_not_touch_each_other(self):
        changes = [Change(date(2016, month, 1), month * 3) for month in range(1, 13)]
        drawing = Steps([Track("団体", changes)], date(2020, 1, 1)).drawing
        assert touching(drawing.words) == []

    def test_a_track_that_falls_is_drawn_down(self):
        changes = [Change(date(2016, 4, 26), 3), Change(date(2017, 4, 1), 0)]
        (path,) = Steps([Track("", changes)], date(2018, 1, 1)).drawing.paths
        assert path.points.endswith(f",{at(BOTTOM)}")

    def test_without_a_change_there_is_nothing_to_draw(self):
        assert Steps([Track("団体", [])], date(2026, 11, 22)).drawing is None


class TestCourse:
    """From 1 April, with the deadline on 31 May, looked at on 20 April."""

    FIRST, LAST = date(2027, 4, 1), date(2027, 5, 31)

    def course(self, *numbers: tuple[int, int]) -> Course:
        """The values of two tracks, a pair for each day from the first on."""
        days = [self.FIRST + timedelta(days=count) for count in range(len(numbers))]
        tracks = [
            Track(name, [Change(day, pair[place]) for day, pair in zip(days, numbers, strict=True)])
            for place, name in enumerate(("回答", "変更あり"))
        ]
        return Course(tracks, self.FIRST, self.LAST, Due(self.LAST, "回答期限 5月31日"))

    def test_the_lines_end_today_and_the_axis_at_the_deadline(self):
        drawing = self.course(*[(day * 3, day) for day in range(20)]).drawing
        answered, changed = drawing.paths
        assert (answered.css, changed.css) == ("line", "line dashed")
        points = [tuple(map(float, point.split(","))) for point in answered.points.split()]
        assert points[0] == (LEFT, BOTTOM)
        (due,) = [line for line in drawing.lines if line.css == "axis dashed"]
        assert points[-1][0] == pytest.approx(LEFT + (float(due.x1) - LEFT) * 19 / 60, abs=0.06)
        assert BOTTOM - points[-1][1] == pytest.approx((BOTTOM - TOP) * 57 / 60, abs=0.06)
        assert due.x1 == due.x2

    def test_one_day_of_each_week_or_fortnight_is_named(self):
        labels = labels_of(self.course((0, 0), (1, 0)).drawing)
        named = [text for text in labels if text.endswith("日") and "期限" not in text]
        assert named == ["4月1日", "4月15日", "4月29日", "5月13日", "5月27日"]

    def test_a_whole_year_has_several_days_named(self):
        course = replace(self.course((0, 0), (1, 0)), last=date(2028, 3, 31), due=None)
        named = [text for text in labels_of(course.drawing) if text.endswith("日")]
        assert named == ["4月1日", "6月24日", "9月16日", "12月9日", "3月2日"]

    @pytest.mark.parametrize("last", [(0, 0), (1, 0), (40, 40), (300, 12)])
    def test_the_last_values_stand_apart_and_inside(self, last):
        drawing = self.course((0, 0), last).drawing
        assert values_of(drawing) == [f"変更あり {last[1]}", f"回答 {last[0]}"]
        assert touching(drawing.words) == []
        for word in drawing.words:
            if word.css == "val":
                assert float(word.x) >= LEFT

    def test_without_a_day_there_is_nothing_to_draw(self):
        assert self.course().drawing is None


def touching(words: list[Word]) -> list[tuple[str, str]]:
    """The values that are printed over each other."""
    boxes = []
    for word in words:
        if word.css == "val":
            width = width_of(word.text)
            start = float(word.x) - {"start": 0, "middle": width / 2, "end": width}[word.anchor]
            boxes.append((word.text, start, start + width, float(word.y)))
    return [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if one[1] < other[2] and other[1] < one[2] and abs(one[3] - other[3]) < LETTER
    ]


class TestStylesheet:
    CSS = (settings.BASE_DIR / "static" / "css" / "charts.css").read_text()

    def test_text_has_the_size_that_the_drawings_reckon_with(self):
        assert re.search(r"\.chart text \{[^}]*font-size: 14\.5px", self.CSS)
        assert LETTER == 14.5
        assert LEFT > 0

    @pytest.mark.parametrize(
        "mark", [".bar", ".pale", ".unsure", ".line", ".dot", ".axis", ".grid", ".val"]
    )
    def test_every_mark_has_a_system_colour_when_colours_are_forced(self, mark):
        forced = self.CSS.partition("@media (forced-colors: active)")[2]
        assert mark in forced
