"""Addresses of artifacts and all that lies below them, below /api/v1/."""

from django.urls import URLPattern, include, path

from governance.api.routes import route
from registry.api.aliases import AliasView
from registry.api.archive import ArchiveView
from registry.api.artifacts import ArtifactView
from registry.api.bin import BinView
from registry.api.bom import BomView
from registry.api.cards import CardView
from registry.api.checks import CheckView
from registry.api.comparing import CompareView
from registry.api.contracts import ContractView
from registry.api.declarations import DeclarationView
from registry.api.evaluations import EvaluationView
from registry.api.files import FileView
from registry.api.findings import FindingView, WaiverView
from registry.api.follows import FollowsView, FollowView
from registry.api.gates import GateView
from registry.api.grants import GrantView
from registry.api.holds import HoldView
from registry.api.incidents import IncidentView
from registry.api.judging import EngineView, TeamChecksView
from registry.api.lineage import LineageView
from registry.api.names import NameView
from registry.api.previews import PreviewView
from registry.api.profiles import ProfileView
from registry.api.records import RecordKindView, RecordView
from registry.api.signing import SignatureView, SigningKeyView
from registry.api.system import SystemView
from registry.api.triage import TriageView
from registry.api.uploads import UploadView
from registry.api.versions import VersionView
from registry.models import KINDS


def collection(kind: str) -> list[URLPattern]:
    return route(f"{kind}/", ArtifactView, {"kind": kind}, get="list", post="create")


below = [
    *route("aliases/<anything:alias>", AliasView, get="retrieve", put="update"),
    *route("versions/", VersionView, get="list", post="create"),
    *route("versions/<version:number>/", VersionView, get="retrieve", delete="destroy"),
    *route("versions/<version:number>/submit", VersionView, post="submit"),
    *route("versions/<version:number>/recheck", VersionView, post="recheck"),
    *route("versions/<version:number>/withdraw", VersionView, post="withdraw"),
    *route("versions/<version:number>/reinstate", VersionView, post="reinstate"),
    *route("versions/<version:number>/checks/", CheckView, get="list"),
    *route("versions/<version:number>/findings/", FindingView, get="of_version"),
    *route("versions/<version:number>/lineage/", LineageView, get="retrieve"),
    *route("versions/<version:number>/compare/<version:other>", CompareView, get="retrieve"),
    *route("versions/<version:number>/bom", BomView, get="retrieve"),
    *route("versions/<version:number>/card", CardView, get="retrieve"),
    *route("versions/<version:number>/signature", SignatureView, get="retrieve"),
    *route("versions/<version:number>/profile", ProfileView, get="retrieve"),
    *route("versions/<version:number>/contract", ContractView, get="derive"),
    *route("versions/<version:number>/evaluations/", EvaluationView, get="retrieve", post="create"),
    *route("versions/<version:number>/evaluations/<key:pk>/", EvaluationView, get="retrieve_one"),
    *route("versions/<version:number>/records/", RecordView, get="list", post="create"),
    *route("versions/<version:number>/records/<key:pk>/", RecordView, get="retrieve"),
    *route("versions/<version:number>/records/<key:pk>/withdraw", RecordView, post="withdraw"),
    *route("versions/<version:number>/archive.tar", ArchiveView, get="retrieve"),
    *route("versions/<version:number>/files/", FileView, post="add_held"),
    *route("versions/<version:number>/uploads/", UploadView, get="list", post="create"),
    *route(
        "versions/<version:number>/uploads/<key:pk>/",
        UploadView,
        get="retrieve",
        patch="partial_update",
        delete="destroy",
    ),
    path(
        "versions/<version:number>/files/<file:path>",
        FileView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("versions/<version:number>/preview/<file:path>", PreviewView.as_view({"get": "retrieve"})),
    *route("grants/", GrantView, get="every", post="create"),
    *route("grants/<key:pk>/", GrantView, get="retrieve"),
    *route("grants/<key:pk>/approve", GrantView, post="approve"),
    *route("grants/<key:pk>/reject", GrantView, post="reject"),
    *route("grants/<key:pk>/end", GrantView, post="end"),
    *route("restrict", GrantView, post="restrict"),
    *route("open", GrantView, post="open"),
    *route("declaration", DeclarationView, get="retrieve", put="update"),
    *route("contract", ContractView, get="retrieve", put="update"),
    *route("contracts/<version:number>", ContractView, get="retrieve_one"),
    *route("archive", ArtifactView, post="archive"),
    *route("unarchive", ArtifactView, post="unarchive"),
    *route("rename", ArtifactView, post="rename"),
    *route("hold", HoldView, post="set_hold"),
    *route("hold/release", HoldView, post="release"),
    *route("follow", FollowView, post="follow", delete="unfollow"),
    *route("aliases/", AliasView, get="list"),
    *route("aliases/<anything:alias>/rollback", AliasView, post="roll_back"),
    path("aliases/<anything:alias>/files/<file:path>", FileView.as_view({"get": "by_alias"})),
]

urlpatterns = [
    path("<kind:kind>/<team:team>/<name:name>/", include(below)),
    *(address for kind in KINDS for address in collection(kind)),
    *route(
        "<kind:kind>/<team:team>/<name:name>/",
        ArtifactView,
        get="retrieve",
        patch="partial_update",
        delete="destroy",
    ),
    *route("teams/<team:team>/bin/", BinView, get="list"),
    *route("teams/<team:team>/bin/<key:pk>/restore", BinView, post="restore"),
    *route("teams/<team:team>/checks/", TeamChecksView, get="every"),
    *route("teams/<team:team>/gate/", GateView, get="retrieve"),
    *route("teams/<team:team>/gate/requests/", GateView, get="requests", post="create"),
    *route("teams/<team:team>/gate/requests/<key:pk>/", GateView, get="retrieve_request"),
    *route("teams/<team:team>/gate/requests/<key:pk>/confirm", GateView, post="confirm"),
    *route("teams/<team:team>/gate/requests/<key:pk>/reject", GateView, post="reject"),
    *route("findings/", FindingView, get="list"),
    *route("findings/<key:pk>/", FindingView, get="retrieve"),
    *route("findings/<key:pk>/waive", FindingView, post="waive"),
    *route("findings/<key:pk>/name", NameView, post="create"),
    *route("teams/<team:team>/names/", NameView, get="list"),
    *route("teams/<team:team>/names/<key:pk>/end", NameView, post="end"),
    *route("teams/<team:team>/signing-keys/", SigningKeyView, get="list", post="create"),
    *route("teams/<team:team>/signing-keys/<key:pk>/end", SigningKeyView, post="end"),
    *route("follows/", FollowsView, get="list"),
    *route("checks/", EngineView, get="every"),
    *route("checks/<anything:check>/", EngineView, get="retrieve"),
    *route("incidents/", IncidentView, get="list"),
    *route("triage/", TriageView, get="list", post="create"),
    *route("triage/waive", TriageView, post="waive"),
    *route("triage/json", TriageView, get="json"),
    *route("triage/sarif", TriageView, get="sarif"),
    *route("waivers/", WaiverView, get="list"),
    *route("waivers/<key:pk>/", WaiverView, get="retrieve"),
    *route("records/kinds/", RecordKindView, get="retrieve"),
    *route("system/", SystemView, get="retrieve"),
    *route("system/key-copy", SystemView, post="confirm_copy"),
]
