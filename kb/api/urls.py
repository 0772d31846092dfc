"""Addresses of what spans everything, below /api/v1/."""

from governance.api.routes import route
from kb.api.articles import ArticleCommentView, ArticlesView, ArticleVersionView, ArticleView, ArticleZipView
from kb.api.attachments import AttachmentsView, AttachmentView
from kb.api.collections import CollectionsView, CollectionView
from kb.api.decisions import DecisionView
from kb.api.figures import FiguresView
from kb.api.followups import FollowUpView
from kb.api.glass import GlassView
from kb.api.imports import ImportsView, ImportView
from kb.api.readers import ArticleWatchView, CollectionWatchView, RatingView, ReadingView, WatchesView
from kb.api.run_files import RunFileView
from kb.api.runs import EntryView, PlaybookView, RunView
from kb.api.search import SearchView
from kb.api.triggers import FiringView, TriggerView
from kb.api.twins import TwinsView
from kb.api.wanting import WantedView

ARTICLE = "articles/<team:team>/<name:slug>"

urlpatterns = [
    *route("search", SearchView, get="search"),
    *route("decisions/", DecisionView, get="list", post="create"),
    *route("decisions/<team:team>/<version:number>", DecisionView, get="retrieve"),
    *route("collections/", CollectionsView, get="list", post="create"),
    *route("watches/", WatchesView, get="list"),
    *route("collections/<team:team>/<name:slug>/watch", CollectionWatchView, put="watch", delete="unwatch"),
    *route(f"{ARTICLE}/watch", ArticleWatchView, put="watch", delete="unwatch"),
    *route(f"{ARTICLE}/rating", RatingView, get="retrieve", put="rate"),
    *route(f"{ARTICLE}/reading", ReadingView, get="retrieve", post="create", delete="end"),
    *route(f"{ARTICLE}/acknowledge", ReadingView, post="acknowledge"),
    *route("collections/<team:team>/<name:slug>/", CollectionView, get="retrieve", patch="change"),
    *route("articles/", ArticlesView, get="list", post="create"),
    *route("articles/export", ArticleZipView, get="export"),
    *route("articles/import", ArticleZipView, post="import_"),
    *route("imports/", ImportsView, get="list", post="create"),
    *route("imports/<key:pk>/", ImportView, get="retrieve", delete="destroy"),
    *route("imports/<key:pk>/files", ImportView, get="files"),
    *route("imports/<key:pk>/take", ImportView, post="take"),
    *route(f"{ARTICLE}/", ArticleView, get="retrieve", put="update", patch="change"),
    *route(f"{ARTICLE}/verify", ArticleView, post="verify"),
    *route(f"{ARTICLE}/archive", ArticleView, post="archive"),
    *route(f"{ARTICLE}/unarchive", ArticleView, post="unarchive"),
    *route(f"{ARTICLE}/attachments/", AttachmentsView, get="list"),
    *route(
        f"{ARTICLE}/attachments/<str:filename>",
        AttachmentView,
        get="retrieve",
        put="update",
        delete="destroy",
    ),
    *route(f"{ARTICLE}/comments/", ArticleCommentView, get="list", post="create"),
    *route(f"{ARTICLE}/versions/", ArticleVersionView, get="list"),
    *route(f"{ARTICLE}/versions/<version:number>", ArticleVersionView, get="retrieve"),
    *route(f"{ARTICLE}/versions/<version:number>/restore", ArticleVersionView, post="restore"),
    *route("twins/", TwinsView, get="list"),
    *route("twins/<key:pk>/part", TwinsView, post="part"),
    *route("twins/<key:pk>/pair", TwinsView, post="pair"),
    *route("wanted/", WantedView, get="list"),
    *route("wanted/<key:pk>/dismiss", WantedView, post="dismiss"),
    *route("playbooks/", PlaybookView, get="list"),
    *route("playbooks/<slug:code>/", PlaybookView, get="retrieve", put="change"),
    *route("playbooks/<slug:code>/figures", FiguresView, get="retrieve"),
    *route("triggers/", TriggerView, get="list", post="create"),
    *route("triggers/<key:pk>/", TriggerView, get="retrieve"),
    *route("triggers/<key:pk>/on", TriggerView, post="on"),
    *route("triggers/<key:pk>/off", TriggerView, post="off"),
    *route("triggers/<key:pk>/simulation", TriggerView, get="simulation"),
    *route("triggers/<key:pk>/firings/", FiringView, get="list"),
    *route("runs/", RunView, get="list", post="create"),
    *route("glass/", GlassView, get="list", post="create"),
    *route("glass/<key:pk>/confirm", GlassView, post="confirm"),
    *route("glass/<key:pk>/reject", GlassView, post="reject"),
    *route("runs/<key:pk>/", RunView, get="retrieve"),
    *route("runs/<key:pk>/entries/", EntryView, get="entries", post="comment"),
    *route("runs/<key:pk>/follow-ups/", FollowUpView, get="list", post="create"),
    *route("runs/<key:pk>/follow-ups/<key:follow_up>/done", FollowUpView, post="done"),
    *route("runs/<key:pk>/retrospective", FollowUpView, post="retrospective"),
    *route("runs/<key:pk>/pause", RunView, post="pause"),
    *route("runs/<key:pk>/resume", RunView, post="resume"),
    *route("runs/<key:pk>/cancel", RunView, post="cancel"),
    *route("runs/<key:pk>/people/<slug:role>", RunView, put="hand_over"),
    *route("runs/<key:pk>/files/<key:file>", RunFileView, get="retrieve"),
    *route("runs/<key:pk>/steps/<slug:key>/files/<str:filename>", RunFileView, put="update"),
    *route("runs/<key:pk>/steps/<slug:key>/put", EntryView, post="put_in"),
    *route("runs/<key:pk>/steps/<slug:key>/accept", EntryView, post="accept"),
    *route("runs/<key:pk>/steps/<slug:key>/waive", EntryView, post="waive"),
]
