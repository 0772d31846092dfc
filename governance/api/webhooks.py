"""A team's webhook, and what was sent to it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access, actions
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from governance.models import Delivery, Team, Webhook

Values = dict[str, Any]


class WebhookForm(Strict):
    address = Text(max_length=500)


class WebhookAnswer(serializers.Serializer[Any]):
    team = serializers.CharField()
    address = serializers.CharField()
    set_by = serializers.CharField()
    set_at = serializers.DateTimeField()
    paused_at = serializers.DateTimeField(allow_null=True, help_text="Nothing is sent until it is resumed.")


class WithSecret(WebhookAnswer):
    secret = serializers.CharField(
        allow_blank=True, help_text="When it was made just now. It cannot be shown again."
    )


class DeliveryAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField(help_text="What the receiver knows a repetition by.")
    kind = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(["waiting", "sent", "failed"])
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    tries = serializers.IntegerField()
    tried_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer.")
    seconds = serializers.FloatField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)


class WebhookView(View):
    search_fields = ("kind", "subject", "last_error")

    @endpoint(WebhookAnswer, problems=(403,))
    def retrieve(self, team: str) -> Values:
        """Where the messages of a team are sent to."""
        return answer(self.find(team))

    @endpoint(WithSecret, body=WebhookForm, problems=WRITES)
    def update(self, team: str) -> Values:
        """Set it. The secret is in the answer when there was no webhook, and nowhere else."""
        hook, secret = actions.set_webhook(self.team(team), self.body["address"], by=self.person)
        return {**answer(hook), "secret": secret}

    @endpoint(status=204, problems=WRITES)
    def destroy(self, team: str) -> None:
        """Send nothing more, neither what waits."""
        actions.remove_webhook(self.find(team), by=self.person)

    @endpoint(WithSecret, problems=WRITES)
    def renew(self, team: str) -> Values:
        """Make a new secret, which signs from now on."""
        hook = self.find(team)
        return {**answer(hook), "secret": actions.renew_secret(hook, by=self.person)}

    @endpoint(WebhookAnswer, problems=WRITES)
    def resume(self, team: str) -> Values:
        """Go on after a pause, with what has waited."""
        return answer(actions.resume_webhook(self.find(team), by=self.person))

    @endpoint(DeliveryAnswer(many=True), query=Paged, problems=(403,))
    def deliveries(self, team: str) -> Values:
        """What was sent or waits, newest first."""
        return self.listed(Delivery.objects.filter(webhook=self.find(team)), "-pk", delivered)

    @endpoint(DeliveryAnswer, problems=WRITES)
    def again(self, team: str, pk: int) -> Values:
        """Send one message again."""
        delivery = self.find(team).deliveries.select_related("webhook__team").filter(pk=pk).first()
        if delivery is None:
            raise Absent("The webhook has no such message.")
        return delivered(actions.send_again(delivery, by=self.person))

    def team(self, slug: str) -> Team:
        team = Team.objects.visible_to(self.person).filter(slug=slug).first()
        if team is None:
            raise Absent("There is no such team that you may see.")
        return team

    def find(self, slug: str) -> Webhook:
        """Who sees the team and may not set its webhook is told so."""
        team = self.team(slug)
        access.check(self.person, "webhook.set", team)
        seen = Webhook.objects.visible_to(self.person).select_related("team", "set_by")
        hook = seen.filter(team=team).first()
        if hook is None:
            raise Absent(f"{slug} has no webhook.")
        return hook


def answer(hook: Webhook) -> Values:
    return {
        "team": hook.team.slug,
        "address": hook.address,
        "set_by": hook.set_by.username,
        "set_at": hook.set_at,
        "paused_at": hook.paused_at,
    }


def delivered(delivery: Delivery) -> Values:
    return {
        "id": delivery.pk,
        "uuid": delivery.uuid,
        "kind": delivery.kind,
        "subject": delivery.subject,
        "state": delivery.state,
        "made_at": delivery.made_at,
        "due_at": delivery.due_at,
        "tries": delivery.tries,
        "tried_at": delivery.tried_at,
        "status": delivery.status,
        "seconds": delivery.seconds,
        "last_error": delivery.last_error,
    }
