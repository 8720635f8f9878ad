"""An author is told what is wrong, where, and what to do, before anything is published."""

import pytest

from campaigns.content import Problem, check, variables
from campaigns.definition import Message


def only_problem(source: str) -> Problem:
    (found,) = check(Message(title="Hi", body=source))
    return found


@pytest.mark.parametrize(
    ("source", "line", "column", "says"),
    [
        ("Hi {{ person.name", 1, 4, "never closed"),
        ("Hi\n{% if person.x", 2, 1, "never closed"),
        ("Hi\n {{ person.first name }}", 2, 18, "cannot be read"),
        ("a\nb {{ person.name | }}", 2, 6, "“{{ person.name | }}” cannot be read"),
        ("{{ }}", 1, 3, "cannot be read"),
        ("a\n{% if person.x %}\nb", 3, 2, "Add “{% endif %}”"),
        ("a {% endif %}", 1, 6, "without the block"),
        ("a\n  {% include 'x' %}", 2, 6, "“include” is not a tag"),
        ("{{ person.name | upcas }}", 1, 18, "Did you mean “upcase”?"),
        ("{{ person.name | zzzz }}", 1, 18, "no filter called “zzzz”"),
        ("\n{{ (1..9) | join }}", 2, 4, "only in “for”"),
        ("{% for i in (1..3) limit: (1..9) %}{% endfor %}", 1, 27, "only in “for”"),
        ("Hi {{ user.name }}", 1, 7, "Begin with person, event, device, place, campaign or now."),
        ("{% for i in event.l %}{% endfor %}{{ i }}", 1, 38, "“i” is not known"),
        ("{% assign person = 1 %}", 1, 11, "already has a meaning"),
        ("{% for event in event.list %}{% endfor %}", 1, 8, "already has a meaning"),
        ("{% abort_message reason %}", 1, 18, "cannot be read"),
        ("é" * 2049, 1, 1, "longer than 4,096 bytes"),
        ("{{ person.x }}" * 293, 1, 1, "longer than 4,096 bytes"),
        ("{% if 1 %}" * 30, 1, 214, "nested"),
    ],
)
def test_a_problem_has_a_place_and_advice(source: str, line: int, column: int, says: str) -> None:
    found = only_problem(source)

    assert (found.field, found.line) == ("body", line)
    assert says in found.message
    assert found.message.endswith((".", "?"))
    assert found.column == column


@pytest.mark.parametrize(
    "source",
    [
        "Plain words, 100 % } { fine",
        "Hi {{ person.first_name | default: 'there' }}",
        "{% for i in (1..event.n) %}{{ i }}{{ forloop.index }}{% endfor %}",
        "{% assign x = now %}{% capture y %}{{ x }}{% endcapture %}{{ y }}",
        "{% if x %}{% endif %}{% assign x = 1 %}",
        "{{ device.model }} {{ campaign.name }} {{ event.properties['a b'] }}",
        "{% raw %}{{ anything {% endraw %}",
        "{{ '{{' }} and {{ '{%' }}",
        "x" * 4096,
    ],
)
def test_a_sound_template_has_no_problems(source: str) -> None:
    assert check(Message(title=source, body="")) == []


def test_each_part_is_checked_in_reading_order() -> None:
    broken = Message(title="{{ a }}", body="{{ b }}\n{{ c }}", deep_link="{{ d }}")

    places = [(found.field, found.line) for found in check(broken)]

    assert places == [("title", 1), ("body", 1), ("body", 2), ("deep_link", 1)]


def test_a_message_without_words_is_a_problem() -> None:
    (found,) = check(Message(title=" ", body="", deep_link="myapp://x"))

    assert found == Problem("title", 1, 1, "There is nothing to read. Write a title or a body.")


def test_variables_are_the_paths_that_come_from_outside() -> None:
    message = Message(
        title="{{ person.first_name | default: person.nick }}",
        body="{% for i in event.items %}{{ i.name }}{% endfor %}{% if device.model == 'x' %}"
        "{% assign v = event.properties.venue %}{{ v }}{% endif %}",
        deep_link="myapp://{{ event.properties['a b'] }}/{{ now }}",
    )

    assert variables(message) == {
        "person.first_name",
        "person.nick",
        "event.items",
        "device.model",
        "event.properties.venue",
        "event.properties['a b']",
        "now",
    }


def test_a_part_that_cannot_be_read_asks_for_nothing() -> None:
    assert variables(Message(title="{{ person.x", body="{{ person.y }}")) == {"person.y"}
