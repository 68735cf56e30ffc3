from pytest_mixpanel import assert_volume


def test_the_shop_sells(mixpanel):
    assert_volume(mixpanel.query("Purchase", last=28), at_least=60)
