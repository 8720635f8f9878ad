"""Why did someone not get it? From a campaign to the page about one person, by their id."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from audience.models import Identity, IdentityKind
from campaigns.models import Campaign

PARAMETER = "who"
LONGEST_ID = 200
NOBODY = "We know nobody by this id here. Check it with the app's developer; capitals matter."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The id as typed, and the page that answers; "" where nobody has this id."""

    who: str
    url: str

    @property
    def sentence(self) -> str:
        return NOBODY if self.who and not self.url else ""


def asked(request: HttpRequest, campaign: Campaign) -> Asked:
    """GET ?who=…: a user id or an anonymous id of the campaign's workspace."""
    typed = request.GET.get(PARAMETER, "").replace("\0", "").strip()
    person = person_called(typed, campaign) if typed else None
    if person is None:
        return Asked(who=typed[:LONGEST_ID], url="")
    page = reverse("admin:audience_person_why", args=[person])
    return Asked(who=typed, url=f"{page}?campaign={campaign.pk}")


def person_called(typed: str, campaign: Campaign) -> int | None:
    """Of two people with one id, the one who signed in with it."""
    found = Identity.objects.filter(
        workspace_id=campaign.workspace_id,
        kind__in=[IdentityKind.USER, IdentityKind.ANONYMOUS],
        value=typed,
    )
    people = dict(found.values_list("kind", "person_id"))
    return people.get(IdentityKind.USER, people.get(IdentityKind.ANONYMOUS))
