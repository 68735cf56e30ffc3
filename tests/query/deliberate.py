"""Where our builders differ from the published client on purpose, and why (design §5 rule 2).

Each difference names the calls it is about and what ours does: the codes it refuses them with, or none
where it accepts them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """``calls`` matches their text; ``codes``: ours refuses with these, or with none of them accepts."""

    calls: str
    codes: tuple[str, ...]
    reason: str


LOOSER = (
    Difference(r'math="sum"', (), "the seed sums a property by math='sum'; it goes out as its total"),
    Difference(
        r'math="retention_count"', (), "the seed counts returning users by this word; it goes out as unique"
    ),
    Difference(
        r'build_funnel_params\(.*math="(average|median|min|max|p25|p75|p90|p99)"(?!.*math_property)',
        (),
        "without a property these are of the time to convert, as the seed asks for it",
    ),
    Difference(r"build_user_params\((?!.*profiles).*as_of=", (), "the seed counts users as of a past day"),
    Difference(r"build_flow_params\(.*where=.*FrequencyFilter", (), "the seed filters flows by frequency"),
    Difference(
        r'FlowStep\("A", forward="2"\)', (), "the type of a number of columns is checked with the call"
    ),
    Difference(
        r"build_funnel_params\(.*math_property=CustomPropertyRef",
        (),
        "the property is sent as the service "
        "knows it; the published client sends a name that no service can read",
    ),
    Difference(
        r'build_flow_params\((?!.*conversion_window).*count_type="session"',
        (),
        "the seed counts sessions without saying a window; a session is the only one they have",
    ),
    Difference(r"(hidden_events|exclusions|properties)=\"", (), "one name is a list of one"),
    Difference(r'build_user_params\((where=""|segment_by=\[\])\)', (), "nothing is left out, not sent empty"),
)

STRICTER = (
    Difference(
        r'math="median", math_property=""',
        ("F10_MATH_MISSING_PROPERTY",),
        "a blank property measures nothing",
    ),
    Difference(
        r'\["A"\], conversion_window=0, math="median"',
        (
            *("F1_MIN_STEPS", "F3_CONVERSION_WINDOW_POSITIVE", "F4_EXCLUSION_STEP_BOUNDS"),
            *("F8_MAX_HOLDING_CONSTANT", "B12_INVALID_TIME_UNIT"),
        ),
        "all problems at once, and the median without a property is of the time to convert",
    ),
    Difference(
        r"last=(1\.5|True)", ("V7_LAST_POSITIVE",), "a number of days that is none is refused, not sent"
    ),
    Difference(
        r"rolling=(1\.5|True)", ("V6_ROLLING_POSITIVE",), "a number of buckets that is none is refused"
    ),
    Difference(r'from_date="2999', ("V15_DATE_ORDER",), "a range that starts after today holds nothing"),
    Difference(
        r'(group_by|segments)=\[?("country", )?" ?"',
        ("GB1_EMPTY_PROPERTY",),
        "a blank name breaks nothing down",
    ),
    Difference(
        r'mode="(pie|nope)"', ("V30_INVALID_MODE",), "a misspelt mode is refused, not taken for a line"
    ),
    Difference(r'build_funnel_params\(.*mode="nope"', ("F16_INVALID_MODE",), "the same of funnels"),
    Difference(r'build_user_params\(mode="nope"', ("U_MODE",), "the same of users"),
    Difference(r'order="strict"', ("F15_INVALID_ORDER",), "the service knows loose and any"),
    Difference(
        r'order="y"', ("F12_INVALID_REENTRY_MODE", "F15_INVALID_ORDER"), "the service knows loose and any"
    ),
    Difference(
        r'filters_combinator="some"',
        ("B19_INVALID_FILTERS_DETERMINER",),
        "filters are combined by all or any",
    ),
    Difference(
        r"filters=\[Filter.(not_)?equals\(\"p\", \[\]\)",
        ("B20_EMPTY_FILTER_VALUE",),
        "what the service refuses of global filters is refused of a step's too",
    ),
    Difference(r"float\(\"(nan|inf)\"\)\)?.*\)\]\)", ("B20B_FILTER_VALUE_NOT_FINITE",), "as above"),
    Difference(r'filters=\[Filter.is_set\(""\)', ("B18_MISSING_FILTER_PROPERTY",), "as above"),
    Difference(
        r'filters=\[Filter\("p", "equals", \["x"\], "strings"', ("B14_INVALID_FILTER_TYPE",), "as above"
    ),
    Difference(r'filters=\[Filter.equals\("p", \["x"\] \* 1001', ("B21_FILTER_VALUE_TOO_MANY",), "as above"),
    Difference(
        r'where=("x"|3|\[Filter.equals\("p", "x"\), "y"\])',
        ("V25_INVALID_FILTER_TYPE",),
        "a condition that is none is refused by every engine",
    ),
    Difference(
        r'math_property=InlineCustomProperty\(" "',
        ("CP2_EMPTY_FORMULA", "CP4_INVALID_INPUT_KEY", "CP6_EMPTY_INPUT_NAME"),
        "a formula is checked wherever it stands",
    ),
    Difference(
        r'segments=GroupBy\(InlineCustomProperty\(" "',
        ("CP2_EMPTY_FORMULA", "CP4_INVALID_INPUT_KEY", "CP6_EMPTY_INPUT_NAME"),
        "as above",
    ),
    Difference(
        r"segments=GroupBy\(.*(inf|nan)",
        ("V24_BUCKET_NOT_FINITE",),
        "segments of flows are checked as breakdowns",
    ),
    Difference(
        r'segments=GroupBy\("n", bucket_size=15\)',
        ("V12B_BUCKET_REQUIRES_NUMBER", "V12C_BUCKET_REQUIRES_BOUNDS"),
        "as above",
    ),
    Difference(r'segments=GroupBy\("n", bucket_size=15, ', ("V12B_BUCKET_REQUIRES_NUMBER",), "as above"),
    Difference(
        r"segments=GroupBy\(.*bucket_size=15(, bucket_min=0)?\)", ("V12C_BUCKET_REQUIRES_BOUNDS",), "as above"
    ),
    Difference(r"segments=GroupBy\(.*bucket_min=0", ("V11_BUCKET_REQUIRES_SIZE",), "as above"),
    Difference(
        r'FlowStep\("Login", filters=\[Filter.*(CustomPropertyRef|InlineCustomProperty)',
        ("SG4_UNSUPPORTED_PROPERTY_TYPE",),
        "an anchor's filter has a place for a name only; the published client puts an object there",
    ),
    Difference(
        r"build_flow_params\(.*conversion_window=(1\.5|True)(?!.*session)",
        ("FL7_CONVERSION_WINDOW_POSITIVE",),
        "a window that is no whole number is refused",
    ),
    Difference(
        r"build_flow_params\(.*conversion_window=(1\.5|True).*session",
        ("FL7_CONVERSION_WINDOW_POSITIVE", "FL9_SESSION_REQUIRES_SESSION_WINDOW"),
        "as above",
    ),
    Difference(r"cardinality=(2\.5|True)", ("FL6_CARDINALITY_RANGE",), "as above"),
    Difference(
        r"exclusions=\[3\]", ("FL_INVALID_HIDDEN_EVENT_TYPE",), "exclusions are names, as hidden events are"
    ),
    Difference(
        r'build_user_params\(.*float\("(nan|inf)"\)', ("U_FILTER",), "no profile compares with no number"
    ),
    Difference(
        r'build_user_params\(cohort=(0|-1|True|"x")',
        ("U_COHORT",),
        "a cohort is an id from 1 or a definition",
    ),
    Difference(r"limit=(1\.5|True)", ("U3",), "a number of profiles that is none is refused"),
    Difference(r"as_of=(-1|True|1\.5)", ("U6",), "a moment is a day or whole seconds since 1970"),
    Difference(r"workers=2\.5", ("U23",), "a number of threads that is none is refused"),
    Difference(r'aggregate_property=" "', ("UP4",), "a blank property aggregates nothing"),
    Difference(r"segment_by=\[True\]", ("U17",), "a cohort's id is a number"),
    Difference(
        r'Cohort(Breakdown|Metric)\((True|"1")\)',
        ("CB1_COHORT_ID_NOT_POSITIVE",),
        "a cohort's id is a number",
    ),
    Difference(r"CohortMetric\(True\)", ("CM1_COHORT_ID_NOT_POSITIVE",), "as above"),
    Difference(r'Formula\("A", metrics=\[3\]\)', ("MT5_INVALID_EVENT_TYPE",), "an operand is a metric"),
    Difference(
        r'"n", math="median", math_property=InlineCustomProperty', (), "a custom property is sent as one"
    ),
)

TOGETHER = "problems the published client finds in two rounds are reported at once"
UNCODED = "where the published client fails without a code, ours says what is wrong, or answers"


def reason_to_differ(call: str, codes: Sequence[str] | None) -> str | None:
    """Why ours may do this with the call: refuse it with these codes, or (``None``) accept it."""
    for difference in (*LOOSER, *STRICTER):
        if sorted(codes or ()) == sorted(difference.codes) and re.search(difference.calls, call, re.DOTALL):
            return difference.reason
    return None
