"""Addresses of the registry's pages: the same ones for models, datasets and assets, below the plural."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from registry.models import KINDS
from registry.views import (
    aliases,
    approvals,
    archiving,
    artifacts,
    bin,
    board,
    cards,
    checks,
    client,
    comparing,
    contracts,
    declarations,
    evaluations,
    files,
    findings,
    follows,
    gates,
    grants,
    holds,
    names,
    previews,
    profiles,
    records,
    renaming,
    signing,
    system,
    versions,
    withdrawing,
)

app_name = "registry"


class Plural(StringConverter):
    regex = "|".join(KINDS)


class Number(StringConverter):
    regex = "[1-9][0-9]{0,8}"


register_converter(Plural, "plural")
register_converter(Number, "number")

of_a_version: list[URLPattern | URLResolver] = [
    path("", versions.version, name="version"),
    path("bom", versions.bom, name="bom"),
    path("signature", signing.signature, name="signature"),
    path("card/", cards.show, name="card"),
    path("card.md", cards.save, name="card_file"),
    path("live", versions.live, name="live"),
    path("upload", files.upload, name="upload"),
    path("remove", files.remove_file, name="remove_file"),
    path("delete/", bin.delete_draft, name="delete_draft"),
    path("withdraw/", withdrawing.withdraw, name="withdraw"),
    path("reinstate/", withdrawing.reinstate, name="reinstate"),
    path("submit", versions.submit, name="submit"),
    path("recheck", versions.recheck, name="recheck"),
    path("files/", files.files, name="files"),
    path("files/<path:path>", files.download, name="download"),
    path("compare/<number:other>/", comparing.compare, name="compare"),
    path("preview/<path:path>", previews.preview, name="preview"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<int:pk>/waive/", findings.waive, name="waive"),
    path("findings/<int:pk>/name/", names.add, name="name_add"),
    path("profile/", profiles.profile, name="profile"),
    path("evaluations/", evaluations.evaluations, name="evaluations"),
    path("evaluations/new/", evaluations.evaluate, name="evaluate"),
    path("records/", records.records, name="records"),
    path("records/new/", records.add_record, name="add_record"),
    path("records/<int:pk>/withdraw/", records.withdraw_record, name="withdraw_record"),
    path("aliases/", aliases.move_alias, name="move_alias"),
    path("aliases/<str:alias>/promote/", aliases.promote, name="promote"),
    path("aliases/<str:alias>/roll-back/", aliases.roll_back, name="roll_back"),
    path("aliases/<str:alias>/ask/", approvals.ask, name="ask"),
]

of_an_artifact: list[URLPattern | URLResolver] = [
    path("", artifacts.artifact, name="artifact"),
    path("declaration/", declarations.declare, name="declaration"),
    path("contract/", contracts.contract, name="contract"),
    path("contract/form/", contracts.form, name="contract_form"),
    path("edit/", artifacts.edit_artifact, name="edit_artifact"),
    path("restrict/", grants.restrict, name="restrict"),
    path("open/", grants.open_dataset, name="open"),
    path("grants/", grants.grants, name="grants"),
    path("grants/<int:pk>/", grants.grant, name="grant"),
    path("grants/<int:pk>/end/", grants.end_grant, name="end_grant"),
    path("delete/", bin.delete_artifact, name="delete_artifact"),
    path("archive/", archiving.archive, name="archive"),
    path("unarchive/", archiving.unarchive, name="unarchive"),
    path("rename/", renaming.rename, name="rename"),
    path("compare/", comparing.choose, name="compare_two"),
    path("follow", follows.follow, name="follow"),
    path("unfollow", follows.unfollow, name="unfollow"),
    path("hold/", holds.hold, name="hold"),
    path("hold/release/", holds.release_hold, name="release_hold"),
    path("versions/new/", versions.new_version, name="new_version"),
    path("versions/<number:number>/", include(of_a_version)),
]

urlpatterns = [
    path("client/steward.py", client.client, name="client"),
    path("client/signing-key.pem", client.signing_key, name="signing_key"),
    *(path(f"{kind}/", artifacts.artifacts, {"kind": kind}, name=kind) for kind in KINDS),
    path("teams/<slug:slug>/gate/", gates.show, name="gate"),
    path("teams/<slug:slug>/gate/requests/<int:pk>/", gates.show_request, name="gate_request"),
    path("teams/<slug:slug>/names/", names.index, name="names"),
    path("teams/<slug:slug>/names/<int:pk>/end/", names.end, name="name_end"),
    path("teams/<slug:slug>/signing-keys/", signing.index, name="signing_keys"),
    path("teams/<slug:slug>/signing-keys/<int:pk>/end/", signing.end, name="signing_key_end"),
    path("teams/<slug:slug>/bin/", bin.show, name="bin"),
    path("teams/<slug:slug>/bin/<int:pk>/restore", bin.restore, name="restore"),
    path("following/", follows.following, name="following"),
    path("findings/", board.show, name="board"),
    path("findings/json", board.json, name="board_json"),
    path("findings/sarif", board.sarif, name="board_sarif"),
    path("checks/", checks.index, name="checks"),
    path("checks/<str:name>/", checks.show, name="check"),
    path("system/", system.show, name="system"),
    path("system/key-copy", system.confirm_copy, name="confirm_copy"),
    path("<plural:kind>/new/", artifacts.new_artifact, name="new_artifact"),
    path("<plural:kind>/<str:team>/<str:name>/", include(of_an_artifact)),
]
