"""The checks language in Python: the words of a checks file as functions.

::

    from pytest_mixpanel.checks import funnel

    def test_purchase_floor(mixpanel_check):
        mixpanel_check(funnel("View Item", "Purchase").within("7d").fail_if("conversion < 18%"))
"""

from pytest_mixpanel.kinds.builders import funnel, lexicon, mix, properties, retention, volume

__all__ = ["funnel", "lexicon", "mix", "properties", "retention", "volume"]
