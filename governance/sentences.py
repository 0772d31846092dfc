"""What happened, in words: a sentence for every action name, and a phrase for every right of a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from governance import subjects
from governance.models import Event, User


@dataclass(frozen=True)
class Said:
    """`done` is the whole sentence. `tried` completes "somebody tried to …" when it was refused.

    In braces: `actor`; `subject`, the label as a link; `name`, only its last part; `team`; and whatever the
    event holds in `before` and `after`.
    """

    done: str
    tried: str
    state: str = "neutral"
    icon: str = "arrow"


SENTENCES: dict[str, Said] = {
    "session.open": Said("{actor} signed in.", "sign in as {name}", icon="person"),
    "session.lock": Said(
        "Sign-in was locked by {what} until {until}: too many wrong tries.", "lock sign-in", "warn", "closed"
    ),
    "lock.lift": Said("{actor} lifted the lock of {whose}.", "lift a lock", icon="undo"),
    "session.confirm": Said("{actor} confirmed the sign-in.", "confirm the sign-in", icon="person"),
    "session.close": Said("{actor} signed out.", "sign out", icon="leave"),
    "session.end": Said("{actor} signed out {browsers} elsewhere.", "sign out elsewhere", icon="leave"),
    "profile.set": Said("{actor} changed the profile.", "change a profile", icon="person"),
    "email.set": Said("{actor} changed the e-mail address.", "change an e-mail address", icon="person"),
    "password.change": Said("{actor} changed the password.", "change a password", icon="closed"),
    "factor.add": Said("{actor} set up {factor} as a second factor.", "set up a second factor", icon="key"),
    "factor.remove": Said("{actor} took {factor} away.", "take a second factor away", "warn", "key"),
    "factor.reset": Said(
        "{actor} took the second factor of {name} away.", "take a second factor away", "warn", "key"
    ),
    "codes.renew": Said("{actor} made new recovery codes.", "make new recovery codes", icon="key"),
    "codes.use": Said("{actor} used a recovery code: {left} are left.", "use a code", "warn", "key"),
    "password.ask": Said(
        "Somebody asked for a link that sets a new password of {name}.", "ask for a new password", icon="key"
    ),
    "password.reset": Said(
        "{actor} set a new password by the link of a mail.", "set a new password", icon="closed"
    ),
    "invitation.add": Said("{actor} invited somebody to {team}.", "invite to {team}", icon="people"),
    "invitation.revoke": Said(
        "{actor} took an invitation to {team} back.", "take an invitation to {team} back", icon="undo"
    ),
    "invitation.accept": Said(
        "{actor} followed an invitation to {team}: {roles}.", "follow an invitation to {team}", icon="people"
    ),
    "user.add": Said("{actor} made the account of {name}.", "make an account", icon="person"),
    "user.deactivate": Said(
        "{actor} closed the account of {name}.", "close the account of {name}", "warn", "closed"
    ),
    "user.reactivate": Said(
        "{actor} opened the account of {name} again.", "open the account of {name} again", icon="person"
    ),
    "team.add": Said("{actor} made the team {name}.", "make a team", icon="team"),
    "team.require_factor": Said(
        "{actor} had {team} ask for a second factor of: {roles}.",
        "set who needs a second factor in {team}",
        "warn",
        "key",
    ),
    "team.archive": Said("{actor} archived the team {name}.", "archive {subject}", "warn", "closed"),
    "team.unarchive": Said("{actor} brought the team {name} back.", "bring {subject} back", icon="undo"),
    "member.set": Said(
        "{actor} set the roles of {name} in {team}: {after}.", "change who is in {subject}", icon="people"
    ),
    "service.add": Said(
        "{actor} made the service account {name} of {team}; {answers} answers for it.",
        "make a service account in {subject}",
        icon="key",
    ),
    "service.hand_over": Said(
        "{actor} handed the service account {name} of {team} over to {answers}.",
        "hand over the service account {name}",
        icon="key",
    ),
    "team.review": Said(
        "The weekly review of {team} made {proposals} proposals.", "review {team}", icon="eye"
    ),
    "token.add": Said("{actor} made the token “{token_name}” for {days} days.", "make a token", icon="key"),
    "token.revoke": Said("{actor} revoked the token “{token_name}”.", "revoke a token", icon="key"),
    "trail.export": Said("{actor} saved what they may read of the trail.", "save the trail", icon="download"),
    "notification.set": Said("{actor} chose how to be told.", "choose how to be told", icon="bell"),
    "webhook.set": Said(
        "{actor} had the messages of {team} sent to {host}.", "set the webhook of {subject}", icon="link"
    ),
    "webhook.renew": Said(
        "{actor} made a new secret for the webhook of {team}.", "renew the secret of {subject}", icon="key"
    ),
    "webhook.remove": Said("{actor} removed the webhook of {team}.", "remove {subject}", icon="trash"),
    "webhook.resume": Said("{actor} resumed the webhook of {team}.", "resume {subject}", icon="run"),
    "webhook.resend": Said(
        "{actor} had a message sent to the webhook of {team} again.", "send again to {subject}", icon="undo"
    ),
    "webhook.pause": Said("The webhook of {team} was paused.", "pause {subject}", "warn", "warn"),
    "approval.request": Said(
        "{actor} asked for an approval of {subject} for {alias}.",
        "ask for an approval of {subject}",
        "info",
        "info",
    ),
    "approval.approve": Said(
        "{actor} approved {subject} for {alias}.", "approve {subject}", "good", "approve"
    ),
    "approval.reject": Said("{actor} rejected {subject} for {alias}.", "reject {subject}", "blocked", "x"),
    "approval.void": Said(
        "The request for {alias} of {subject} became void: what was asked about has changed.",
        "void {subject}",
        icon="undo",
    ),
    "approval.withdraw": Said(
        "{actor} closed the request of {asked} for {alias} of {subject}: who asked has gone.",
        "withdraw a request for {subject}",
        icon="undo",
    ),
    "key.rotate": Said("{actor} turned the master key.", "turn the master key", icon="key"),
    "key.copied": Said(
        "{actor} said that a copy of version {version} of the master key lies elsewhere.",
        "say that the master key is copied",
        "good",
        "key",
    ),
    "backup.make": Said("{actor} made the backup {file} with {blobs} files.", "make a backup", icon="check"),
    "backup.try": Said("{actor} restored a backup on trial: {found}", "try a backup", "good", "check"),
    "backup.restore": Said(
        "{actor} was restored from the backup {file} of {made_at}.", "restore a backup", "info", "undo"
    ),
    "blob.free": Said("{actor} freed {blobs} blobs that no version uses.", "free blobs", icon="trash"),
    "blob.damaged": Said("What is stored is damaged. {trouble}", "look at {subject}", "blocked", "blocked"),
    "name.add": Said(
        "{actor} said that {name} is a name of {team}'s own.", "make a name of {subject} known", "warn", "key"
    ),
    "name.end": Said(
        "{actor} took {name} off the names that {team} knows.", "forget {subject}", icon="trash"
    ),
    "signing_key.add": Said(
        "{actor} made {key} a signing key of {team}: {whose}.",
        "add a signing key of {subject}",
        "warn",
        "key",
    ),
    "signing_key.end": Said(
        "{actor} ended the signing key {key} of {team}.", "end a signing key of {subject}", "warn", "key"
    ),
    "version.sign": Said("{actor} signed {subject}.", "sign {subject}", "good", "key"),
    "finding.triage": Said(
        "{actor} put a finding of {check} on {path} of {subject} to {state}.",
        "triage {subject}",
        icon="approve",
    ),
    "canary.miss": Said(
        "The scanner let known-bad files pass: {missed}. Promotion is closed.",
        "look at canaries",
        "blocked",
        "blocked",
    ),
    "canary.catch": Said(
        "The scanner found all {known} known-bad files again. Promotion is open.",
        "look at canaries",
        "good",
        "check",
    ),
    "job.run": Said("{actor} asked for a run of the job {name}.", "run the job {name}", icon="run"),
    "job.end": Said("The job {name} ended: {outcome}. {said}", "end {subject}", icon="clock"),
    "job.pause": Said("{actor} paused the job {name}.", "pause the job {name}", "warn", "clock"),
    "job.resume": Said("{actor} resumed the job {name}.", "resume the job {name}", icon="run"),
    "demo.load": Said("{actor} had the demo loaded.", "load the demo", icon="download"),
    "decision.add": Said("{actor} noted decision {subject}.", "note a decision of {subject}", icon="approve"),
    "collection.add": Said("{actor} made {subject}.", "make a collection of {subject}", icon="folder"),
    "collection.edit": Said("{actor} changed {subject}.", "change {subject}", icon="folder"),
    "article.add": Said("{actor} wrote {subject}.", "write an article of {subject}", icon="article"),
    "article.edit": Said("{actor} changed {subject}.", "change {subject}", icon="article"),
    "article.restore": Said(
        "{actor} brought version {as} of {subject} back.", "bring back a version of {subject}", icon="undo"
    ),
    "article.comment": Said("{actor} commented on {subject}.", "comment on {subject}", icon="article"),
    "article.watch": Said("{actor} watches {subject}.", "watch {subject}", icon="eye"),
    "article.unwatch": Said(
        "{actor} does not watch {subject} any more.", "stop watching {subject}", icon="eye"
    ),
    "article.rate": Said(
        "{actor} said whether {subject} helped.", "say whether {subject} helped", icon="article"
    ),
    "article.ask_reading": Said(
        "{actor} asked people to read {subject}.", "ask people to read {subject}", icon="eye"
    ),
    "article.end_reading": Said(
        "{actor} does not ask people to read {subject} any more.", "end the reading of {subject}", icon="x"
    ),
    "article.acknowledge": Said(
        "{actor} has read version {number} of {subject}.", "say that {subject} was read", "good", "check"
    ),
    "article.import": Said(
        "{actor} had articles of a zip taken into {subject}: {new} new, {changed} changed.",
        "take articles of a zip into {subject}",
        icon="upload",
    ),
    "article.attach": Said("{actor} attached {name} to {subject}.", "attach to {subject}", icon="file"),
    "article.detach": Said(
        "{actor} took {name} away from {subject}.", "take away from {subject}", icon="trash"
    ),
    "article.verify": Said("{actor} verified {subject}.", "verify {subject}", "good", "check"),
    "article.archive": Said("{actor} archived {subject}.", "archive {subject}", icon="folder"),
    "article.unarchive": Said(
        "{actor} took {subject} out of the archive.", "take {subject} out of the archive", icon="undo"
    ),
    "twins.part": Said(
        "{actor} said that two articles of {team} are not the same.", "part {subject}", icon="copy"
    ),
    "twins.pair": Said(
        "{actor} said that two articles of {team} are the same after all.", "pair {subject}", icon="undo"
    ),
    "wanted.dismiss": Said(
        "{actor} put away what {team} searched for: “{text}”.", "put away {subject}", icon="check"
    ),
    "artifact.add": Said("{actor} made {subject}.", "make something in {subject}", icon="plus"),
    "artifact.edit": Said(
        "{actor} changed what is said about {subject}.", "change {subject}", icon="article"
    ),
    "artifact.delete": Said(
        "{actor} deleted {subject}: it lies in the bin.", "delete {subject}", "warn", "trash"
    ),
    "artifact.restore": Said("{actor} had {subject} back from the bin.", "restore {subject}", icon="undo"),
    "artifact.purge": Said("{actor} purged {subject} from the bin.", "purge {subject}", "warn", "trash"),
    "artifact.rename": Said("{actor} renamed {was}: it is {subject} now.", "rename {subject}", icon="tag"),
    "artifact.archive": Said("{actor} archived {subject}.", "archive {subject}", icon="folder"),
    "artifact.unarchive": Said(
        "{actor} took {subject} out of the archive.", "take {subject} out of the archive", icon="undo"
    ),
    "artifact.follow": Said("{actor} follows {subject}.", "follow {subject}", icon="eye"),
    "artifact.unfollow": Said("{actor} stopped following {subject}.", "unfollow {subject}", icon="eye"),
    "artifact.hold": Said("{actor} put {subject} on legal hold.", "hold {subject}", "warn", "closed"),
    "artifact.release_hold": Said(
        "{actor} released {subject} from its legal hold.", "release the hold of {subject}", icon="undo"
    ),
    "version.add": Said("{actor} began {subject}.", "begin a version of {subject}", icon="plus"),
    "version.add_file": Said(
        "{actor} uploaded {path} to {subject}.", "upload a file to {subject}", icon="upload"
    ),
    "version.remove_file": Said(
        "{actor} took {path} out of {subject}.", "take a file out of {subject}", icon="trash"
    ),
    "version.delete": Said(
        "{actor} deleted the draft {subject}: it lies in the bin.", "delete the draft {subject}", icon="trash"
    ),
    "version.submit": Said("{actor} submitted {subject}, which froze it.", "submit {subject}", icon="upload"),
    "version.withdraw": Said("{actor} withdrew {subject}.", "withdraw {subject}", "blocked", "blocked"),
    "version.reinstate": Said("{actor} reinstated {subject}.", "reinstate {subject}", "warn", "undo"),
    "version.recheck": Said(
        "{actor} asked for new checks of {subject}.", "check {subject} again", icon="run"
    ),
    "version.check": Said("The checks of {subject} ended: {state}.", "check {subject}", icon="check"),
    "version.promote": Said("{actor} promoted {subject} to {alias}.", "promote {subject}", "good", "good"),
    "version.rollback": Said(
        "{actor} rolled {alias} back to {subject}.", "roll back to {subject}", "warn", "undo"
    ),
    "version.download": Said("{actor} fetched {path} of {subject}.", "fetch {subject}", icon="download"),
    "version.preview": Said("{actor} looked into {path} of {subject}.", "look into {subject}", icon="eye"),
    "alias.move": Said("{actor} pointed {alias} at {subject}.", "point an alias at {subject}", icon="tag"),
    "finding.open": Said(
        "Check {check} opened a finding on {path} of {subject}: {severity}.",
        "open a finding on {subject}",
        "warn",
        "warn",
    ),
    "finding.close": Said(
        "Check {check} closed its finding on {path} of {subject}.",
        "close a finding on {subject}",
        icon="check",
    ),
    "incident.open": Said(
        "An incident: {alias} points at {subject}, which is blocked.",
        "open an incident of {subject}",
        "blocked",
        "blocked",
    ),
    "incident.change": Said(
        "The incident of {alias} at {subject} changed: other findings block it.",
        "change an incident of {subject}",
        "warn",
        "warn",
    ),
    "incident.close": Said(
        "The incident of {alias} at {subject} is over: {how}.",
        "close an incident of {subject}",
        "good",
        "check",
    ),
    "gate.request": Said(
        "{actor} asked for other gates of {team}: request {name}.", "ask for other gates", "info", "info"
    ),
    "gate.confirm": Said(
        "{actor} confirmed request {name} for other gates of {team}.", "confirm {subject}", "good", "approve"
    ),
    "gate.reject": Said(
        "{actor} rejected request {name} for other gates of {team}.", "reject {subject}", "blocked", "x"
    ),
    "gate.void": Said(
        "Request {name} for other gates of {team} became void: other settings came first.",
        "void {subject}",
        icon="undo",
    ),
    "gate.withdraw": Said(
        "{actor} closed request {name} of {asked} for other gates of {team}: who asked has gone.",
        "withdraw {subject}",
        icon="undo",
    ),
    "gate.alone": Said(
        "{actor} confirmed the own request {name}: {team} has one member and has released nothing.",
        "confirm {subject} alone",
        "warn",
        "warn",
    ),
    "gate.set": Said(
        "The gates of {team} have settings {number} now, by {actor}.", "set {subject}", "warn", "key"
    ),
    "waiver.end": Said(
        "The waiver of {check} on {path} of {subject} ended.", "end a waiver of {subject}", "warn", "clock"
    ),
    "version.evaluate": Said(
        "{actor} asked for an evaluation of {subject} on {dataset}.", "evaluate {subject}", icon="check"
    ),
    "evaluation.finish": Said(
        "The evaluation of {subject} on {dataset} ended: {outcome}.",
        "end an evaluation of {subject}",
        icon="check",
    ),
    "dataset.declare": Said(
        "{actor} declared the columns of {subject}.",
        "declare the columns of {subject}",
        icon="article",
    ),
    "contract.set": Said(
        "{actor} set the contract of {subject}.",
        "set the contract of {subject}",
        icon="article",
    ),
    "record.add": Said(
        "{actor} declared a record of {subject}: {kind}.", "declare a record of {subject}", icon="article"
    ),
    "record.withdraw": Said(
        "{actor} withdrew a record of {subject}: {kind}.", "withdraw a record of {subject}", "warn", "undo"
    ),
    "dataset.restrict": Said("{actor} restricted {subject}.", "restrict {subject}", icon="closed"),
    "dataset.open": Said(
        "{actor} opened {subject} to all who see it.", "open {subject} to all who see it", "warn", "key"
    ),
    "grant.request": Said("{actor} asked to read {subject}.", "ask to read {subject}", "info", "key"),
    "grant.approve": Said(
        "{actor} granted {person} to read {subject}.", "grant {subject}", "good", "approve"
    ),
    "grant.reject": Said(
        "{actor} rejected what {person} asked for: {subject}.", "reject {subject}", "blocked", "x"
    ),
    "grant.end": Said("{actor} ended {subject} of {person}.", "end {subject}", icon="clock"),
    "finding.waive": Said(
        "{actor} waived a finding of {check} on {path} of {subject}.", "waive {subject}", "warn", "clock"
    ),
    "run.start": Said("{actor} began a run of {playbook} about {about}.", "begin a run", "info", "run"),
    "run.put": Said("{actor} put in what “{step}” asks for.", "write into {subject}", icon="approve"),
    "run.accept": Said("{actor} accepted older evidence for “{step}”.", "accept evidence", "warn", "check"),
    "run.waive": Said("{actor} waived “{step}” until {until}.", "waive a step of {subject}", "warn", "clock"),
    "run.comment": Said("{actor} wrote a comment in {subject}.", "comment on {subject}", icon="article"),
    "run.hand_over": Said("{actor} made {people} {role} of {subject}.", "hand over {subject}", icon="people"),
    "run.follow_up": Said(
        "{actor} asked {who} for a follow-up of {subject} until {until}.", "ask for a follow-up", icon="clock"
    ),
    "run.followed_up": Said("{actor} did a follow-up of {subject}.", "do a follow-up", "good", "check"),
    "run.pause": Said("{actor} paused {subject}.", "pause {subject}", "warn", "clock"),
    "run.resume": Said("{actor} resumed {subject}.", "resume {subject}", icon="run"),
    "run.cancel": Said("{actor} cancelled {subject}.", "cancel {subject}", "warn", "x"),
    "run.prove": Said("“{step}” is {state}.", "prove a step of {subject}", "good", "good"),
    "run.fall": Said("The evidence of “{step}” does not hold any more.", "open a step", "warn", "warn"),
    "run.check": Said("A file of {subject} was checked: {what}.", "check a file of {subject}", icon="check"),
    "run.end": Said("The run of {playbook} is finished.", "end {subject}", "good", "good"),
    "glass.ask": Said(
        "{actor} asked to look into a confidential run.", "look into a confidential run", "warn", "eye"
    ),
    "glass.confirm": Said(
        "{actor} let {who} look into a confidential run for {hours} hours.", "let somebody in", "warn", "eye"
    ),
    "glass.reject": Said(
        "{actor} did not let {who} look into a confidential run.", "keep somebody out", icon="closed"
    ),
    "run.confidential": Said(
        "Something happened in a confidential run.", "look at a confidential run", icon="closed"
    ),
    "run.pass": Said(
        "The run of {playbook} closed itself: {check} passed twice in a row.",
        "close {subject}",
        "good",
        "good",
    ),
    "trigger.add": Said("{actor} set up what starts {playbook}.", "set up a trigger", icon="clock"),
    "trigger.switch_on": Said(
        "{actor} switched a trigger of {playbook} on.", "switch on a trigger", icon="run"
    ),
    "trigger.switch_off": Said(
        "{actor} switched a trigger of {playbook} off.", "switch off a trigger", icon="clock"
    ),
    "trigger.hold": Said(
        "A trigger is held: it would start too many runs.", "hold a trigger", "warn", "warn"
    ),
    "playbook.set": Said(
        "{actor} changed the playbook {name} of {team}.", "change {subject}", icon="article"
    ),
}

# What a role may do, for the table of roles: a phrase after "may".
RIGHTS: dict[str, str] = {
    "team.view": "see the team and who is in it",
    "release.view": "see what was released",
    "version.download": "fetch files, as far as their findings allow",
    "artifact.follow": "follow what they see",
    "artifact.unfollow": "stop following it",
    "version.view": "see every version, also drafts and blocked ones",
    "approval.view": "see requests and decisions",
    "article.view": "read what the team knows",
    "article.comment": "comment on articles",
    "article.add": "write articles",
    "collection.add": "make collections of articles",
    "collection.edit": "change collections that they made; stewards, any",
    "collection.view": "read and write every collection of the team, also closed ones",
    "decision.add": "note decisions",
    "article.edit": "change any article of the team",
    "article.watch": "watch articles and collections",
    "article.unwatch": "stop watching them",
    "article.rate": "say whether an article helped",
    "article.acknowledge": "say that they have read what they are asked to read",
    "article.ask_reading": "ask members to read an article",
    "article.end_reading": "end that",
    "article.import": "take in articles of a zip",
    "article.attach": "attach files and pictures to articles",
    "article.detach": "take them away again",
    "article.restore": "bring back an older version of an article",
    "article.verify": "say that an article that they answer for holds; stewards, any",
    "article.archive": "archive an article that they answer for; stewards, any",
    "article.unarchive": "take an article that they answer for out of the archive; stewards, any",
    "twins.part": "say that two articles are not the same",
    "twins.pair": "take that back",
    "wanted.dismiss": "say that an article that people missed is not needed",
    "artifact.add": "make models, datasets and assets",
    "artifact.edit": "change their descriptions, tags and owners",
    "artifact.delete": "delete what they own and nothing uses; stewards, anything that nothing uses",
    "artifact.restore": "have back from the bin what they own or began",
    "artifact.rename": "rename what they own; stewards, anything",
    "artifact.archive": "archive what they own; stewards, anything",
    "artifact.unarchive": "take out of the archive what they own; stewards, anything",
    "version.delete": "delete drafts that they began; stewards, any draft",
    "version.withdraw": "withdraw versions of what they own; stewards, any version",
    "version.reinstate": "reinstate a version that somebody else withdrew",
    "version.add": "push versions of any kind",
    "version.submit": "submit their own drafts",
    "version.recheck": "have a version checked again",
    "version.evaluate": "have a model scored here, on a dataset whose files they may fetch",
    "alias.move": "move aliases without a gate",
    "approval.request": "ask for an approval",
    "dataset.declare": "declare what the columns of a dataset are: target, split, group, personal data",
    "contract.set": "say what the tables of a dataset have to look like",
    "record.add": "declare evidence of training, evaluations and decisions",
    "record.add_operated": "declare deployments, load tests, costs, topologies and restore tests",
    "record.withdraw": "withdraw a record of their own; stewards any",
    "run.view": "see runs of playbooks, but confidential ones only when they are named in them",
    "run.start": "begin a run of a playbook",
    "run.put": "do the steps of runs that are theirs",
    "run.comment": "comment on runs",
    "run.hand_over": "say who does what in a run",
    "run.follow_up": "ask for follow-ups of runs",
    "run.followed_up": "say that a follow-up is done",
    "run.pause": "pause a run",
    "run.resume": "resume a run",
    "run.cancel": "cancel a run that they began or take part in; stewards, any",
    "run.waive": "let a step of a run pass without its evidence, until a day",
    "playbook.set": "change the team's own copy of a playbook",
    "glass.confirm": "let an administrator look into a confidential run for a day",
    "glass.reject": "keep an administrator out of it",
    "trigger.add": "set up what starts a playbook by itself",
    "trigger.switch_on": "switch on what starts a playbook by itself",
    "trigger.switch_off": "switch it off",
    "grant.request": "ask to read a restricted dataset",
    "grant.end": "give back a grant of their own; owners and stewards end any",
    "dataset.restrict": "restrict a dataset that they own; stewards any",
    "dataset.open": "open a dataset that they own; stewards any",
    "grant.approve": "let somebody else read a restricted dataset that they own; stewards any",
    "grant.reject": "reject a request to read a dataset that they own; stewards any",
    "version.promote": "promote through the gate",
    "version.rollback": "roll back",
    "approval.approve": "approve what others made and asked for",
    "approval.reject": "reject a request",
    "artifact.hold": "put something on legal hold",
    "artifact.release_hold": "release a legal hold that somebody else set",
    "finding.waive": "waive a finding of somebody else's version",
    "finding.triage": "say what is thought of a finding and who looks after it",
    "name.add": "say that an unknown name in somebody else's version is the team's own",
    "name.end": "take a name off those that the team knows",
    "signing_key.add": "say whose signature of a model is the team's",
    "signing_key.end": "end a signing key of the team",
    "gate.request": "ask for other settings of gates",
    "gate.confirm": "confirm settings of gates that somebody else asked for",
    "gate.reject": "reject settings of gates",
    "webhook.set": "say where the team's messages are sent to",
    "member.set": "say who is in the team, with which roles",
    "invitation.add": "invite people into the team by mail",
    "invitation.revoke": "take an invitation back",
    "service.add": "make service accounts of the team",
    "service.hand_over": "say who answers for a service account",
    "team.require_factor": "say which roles of the team need a second factor",
    "team.archive": "archive the team, as its only steward",
    "event.view": "read the team's trail",
    "job.view": "see the jobs of the site and how they went",
}


class _Known(dict[str, Any]):
    """An event may not hold what its sentence likes to name."""

    def __missing__(self, key: str) -> str:
        return "…"


# ------------------------------------------------------------------ sentences


def sentence(event: Event, here: str = "") -> SafeString:
    """An event as one sentence, its subject a link where it has a page. `here` is the label of the page on
    which it stands: there it is “this version”."""
    said = SENTENCES.get(event.action)
    if event.outcome == "refused":
        tried = filled(said.tried if said else f"do {event.action} to {{subject}}", event, here)
        return format_html("{} tried to {} and was refused.", actor(event), tried)
    return filled(said.done if said else f"{{actor}} did {event.action} to {{subject}}.", event, here)


def filled(words: str, event: Event, here: str = "") -> SafeString:
    """The words with everything that an event holds, escaped."""
    about: dict[str, Any] = {}
    for held in (event.before, event.after):
        if isinstance(held, Mapping):
            about |= {"token_name": held.get("name", "…"), **held}
    about |= {
        "actor": actor(event),
        "subject": "this version" if event.subject == here else link(event.subject, named(event.subject)),
        "name": link(event.subject, event.subject.rpartition("/")[2]) if "/" in event.subject else "somebody",
        "team": event.team,
    }
    for other in ("dataset", "about"):
        if isinstance(about.get(other), str):
            about[other] = link(about[other], named(about[other]))
    if isinstance(event.after, list):
        about["after"] = ", ".join(map(str, event.after)) or "none, so no member any more"
    safe = {name: conditional_escape("nothing" if value is None else value) for name, value in about.items()}
    return mark_safe(words.format_map(_Known(safe)))  # noqa: S308  each value is escaped one line above


def actor(event: Event) -> SafeString:
    if event.actor == User.SYSTEM:
        return format_html("<b>{}</b>", "Steward")
    return format_html("<b>{}</b>", event.actor or "Somebody")


def link(label: str, words: str = "") -> SafeString:
    """A label, or other words for it, leading to its page or to the page of what it is part of."""
    address = page_of(label)
    words = words or label
    return format_html('<a href="{}">{}</a>', address, words) if address else format_html("{}", words)


@lru_cache(4096)
def page_of(label: str) -> str:
    """The page of a label or of what it is part of; nothing when it has none. Nobody is asked for it."""
    parts = label.split("/")
    for end in range(len(parts), 1, -1):
        if address := subjects.url("/".join(parts[:end])):
            return address
    return ""


NUMBERED = {"approval": "request", "run": "run"}


@lru_cache(4096)
def named(label: str) -> str:
    """models/fraud/scorer/versions/3 is “fraud/scorer 3”, approvals/7 “request 7”, runs/2 “run 2”; anything
    else its label. Whoever wants to be exact reads that in the event."""
    matched = subjects.match(label)
    kind, parts = matched[0].name if matched else "", label.split("/")
    if kind in NUMBERED:
        return f"{NUMBERED[kind]} {parts[-1]}"
    if kind == "version":
        return f"{parts[1]}/{parts[2]} {parts[4]}"
    return f"{parts[1]}/{parts[2]}" if kind in {"artifact", "article", "collection", "decision"} else label


def spoken(label: str) -> str:
    """models/fraud/scorer/versions/3 is “scorer 3”; anything else its last part."""
    parts = label.split("/")
    is_version = len(parts) == 5 and parts[3] == "versions"
    return f"{parts[2]} {parts[4]}" if is_version else parts[-1]


# ------------------------------------------------------------------ timeline


def timeline(events: Iterable[Event], here: str = "") -> list[dict[str, Any]]:
    """Events as `_components/timeline.html` takes them, each with itself as `event`."""
    return [entry(event, here) for event in events]


def entry(event: Event, here: str = "") -> dict[str, Any]:
    said = SENTENCES.get(event.action)
    refused = event.outcome == "refused"
    return {
        "event": event,
        "at": event.at,
        "sentence": sentence(event, here),
        "state": "blocked" if refused else said.state if said else "neutral",
        "icon": "closed" if refused else said.icon if said else "arrow",
        "meta": event.reason,
    }
