"""A value fills one place in a link; it never changes where the link goes."""

import pytest

from campaigns.content import Rendered, Withheld, WithheldCode, render
from campaigns.definition import Message

BAD = Withheld(WithheldCode.BAD_LINK, "deep_link")


def link_of(source: str, value: object = "x", schemes: tuple[str, ...] = ("myapp",)) -> object:
    message = Message(title="Hi", body="", deep_link=source)
    done = render(message, {"event": {"v": value}}, allowed_schemes=schemes)
    return done.deep_link if isinstance(done, Rendered) else done


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("12", "12"),
        (12, "12"),
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a?b=c&d#e", "a%3Fb%3Dc%26d%23e"),
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("ü", "%C3%BC"),
        ("evil\nx", "evil%20x"),
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        "myapp://shop/{{ event.v }}",
        "myapp://shop/{{ event.v | url_encode }}",
        "myapp://shop/{{ event.v | url_encode }}",
        "myapp://shop/{{ event.v | escape | replace: '&amp;', '&' }}",
        "{% capture path %}shop/{{ event.v }}{% endcapture %}myapp://{{ path }}",
        "myapp://shop/{% assign v = event.v %}{% echo v %}",
    ],
)
def test_a_value_is_escaped_exactly_once(source: str, value: object, escaped: str) -> None:
    assert link_of(source, value) == f"myapp://shop/{escaped}"


@pytest.mark.parametrize(
    ("source", "schemes", "expected"),
    [
        ("", (), ""),
        ("{% if event.none %}myapp://x{% endif %}", (), ""),
        ("myapp://x", ("myapp",), "myapp://x"),
        ("MyApp://x", ("myapp",), "MyApp://x"),
        ("myapp://x", ("MYAPP",), "myapp://x"),
        ("https://a.example/x?y=1#z", ("https",), "https://a.example/x?y=1#z"),
        ("http://a.example", ("https",), BAD),
        ("myapp://x", (), BAD),
        ("//a.example", ("https",), BAD),
        ("/path", ("https",), BAD),
        ("javascript:alert(1)", ("javascript",), BAD),
        ("JavaScript:alert(1)", ("javascript", "JavaScript"), BAD),
        ("java\nscript:alert(1)", ("javascript", "java"), BAD),
        (" javascript:alert(1)", ("javascript",), BAD),
        ("data:text/html,x", ("data",), BAD),
        ("myapp://a b", ("myapp",), BAD),
        ("myapp://a\x00b", ("myapp",), BAD),
        ("myapp://a/../b", ("myapp",), BAD),
    ],
)
def test_only_allowed_schemes_pass(source: str, schemes: tuple[str, ...], expected: object) -> None:
    assert link_of(source, schemes=schemes) == expected


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://evil.example", "myapp://x"])
def test_a_value_cannot_be_the_whole_link(value: str) -> None:
    assert link_of("{{ event.v }}", value, ("myapp", "https", "javascript")) == BAD


@pytest.mark.parametrize("value", [".", ".."])
def test_a_value_cannot_climb_up_the_path(value: str) -> None:
    assert link_of("myapp://shop/{{ event.v }}/x", value) == BAD


def test_a_missing_value_withholds_the_link_too() -> None:
    assert link_of("myapp://{{ event.v }}", " ") == Withheld(WithheldCode.MISSING, "event.v")
